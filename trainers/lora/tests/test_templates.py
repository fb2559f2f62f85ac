"""Chat templates and tokenizers that would give other bits on another day, in another process or at the next call."""

import json
from types import SimpleNamespace

import pytest

from perigee_lora.base.config import read_config
from perigee_lora.base.template import ChatTemplate
from perigee_lora.base.tokenizer import Tokenizer
from perigee_lora.data.formats import Message, UnreadableError
from perigee_lora.failure import JobFailure
from support import TEMPLATE, JobDirectory, write_json

TURNS = [Message("user", "hi"), Message("assistant", "hello")]
#: As Llama 3.2 begins, and what other models' templates make use of.
LLAMA = """{{- bos_token }}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}
        {%- set date_string = strftime_now("%d %b %Y") %}
    {%- else %}
        {%- set date_string = "26 Jul 2024" %}
    {%- endif %}
{%- endif %}
{%- macro said(m) %}{{ m.role ~ ": " ~ m['content'] | trim }}{% endmacro %}
{%- set ns = namespace(count=0, seen=[]) %}
{{- "Today Date: " + date_string + "\\n" }}
{%- for m in messages %}
    {%- if m.role not in ("user", "assistant") %}{{ raise_exception("Unknown role") }}{% endif %}
    {%- set ns.count = ns.count + 1 %}
    {%- generation %}{{ said(m) }}{% endgeneration %}
    {{- "{}/{}".format(loop.index, messages | length) }} {{ m.items() | list | length }} {{ nothing }}{{ tools is none }}
{% endfor %}
{{- ns.count }} {{ messages | map(attribute="role") | join(",") }} {{ (messages | selectattr("role", "equalto", "user") | first).content }}
{{- dict(a=1) | tojson }}{% if add_generation_prompt %}assistant: {% endif %}"""  # noqa: E501
STEADY = [
    "{{ raise_exception ~ '' }}",
    "{{ '%s' | format(strftime_now) }}",
    "{{ messages[0].items | string }}",
    "{{ messages[0]['items'] | string }}",
    "{{ (messages | map('upper')) ~ '' }}",
    "{{ dict ~ range ~ dict.fromkeys }}",
    "{{ [raise_exception] | join }}",
    "{{ namespace(f=raise_exception) ~ '' }}",
    "{{ ('{0}'.format) ~ '' }}",
    "{{ '{0} {0.items}'.format(messages[0]) }}",
    "{% block b %}{{ self.b ~ self['b'] }}{% endblock %}",
    "{{ messages | reverse | string }}",
    "{{ messages | batch(1) | string }}",
    "{% macro m() %}{% endmacro %}{{ m ~ '' }}",
    "{% for m in messages %}{{ loop ~ loop.cycle ~ loop.changed }}{% endfor %}",
    "{{ messages[0].items | pprint }}",
]


def tokenizer_of(base, template=None, **config):
    if template is not None:
        (base / "chat_template.jinja").write_text(template)
    settings = json.loads((base / "tokenizer_config.json").read_text())
    write_json(base / "tokenizer_config.json", settings | config)
    return Tokenizer(base, read_config(base))


@pytest.fixture
def own(base, tmp_path):
    """A base that a test may change."""
    return JobDirectory(tmp_path / "a", base).own_base()


def test_should_write_the_same_date_every_day(own):
    # given
    tokenizer = tokenizer_of(own, LLAMA)

    # when
    text = tokenizer.render(TURNS, generation_prompt=True)

    # then
    assert text == (
        "<|begin|>Today Date: 26 Jul 2024\nuser: hi1/2 2 True\nassistant: hello2/2 2 True\n"
        '2 user,assistant hi{"a": 1}assistant: '
    )


def test_should_write_what_transformers_writes(own):
    # given
    from transformers import PreTrainedTokenizerFast

    tokenizer = tokenizer_of(own, LLAMA.replace("strftime_now", "nobody"))

    # when
    text = tokenizer.render(TURNS)

    # then
    whole = PreTrainedTokenizerFast.from_pretrained(own)
    assert text == whole.apply_chat_template(
        [{"role": turn.role, "content": turn.content} for turn in TURNS], tokenize=False
    )


@pytest.mark.parametrize("source", STEADY)
def test_should_write_no_addresses(source):
    # given
    template = ChatTemplate(source, {})

    # when
    text = template.render([{"role": "user", "content": "hi"}], False)

    # then
    assert text and "0x" not in text


@pytest.mark.parametrize("source", ["{{ raise_exception }}", "{{ messages }}", "{{ dict }}", "{{ messages[0].items }}"])
def test_should_write_only_text_and_numbers(source):
    # given
    tokenizer = SimpleNamespace(_template=ChatTemplate(source, {}))

    # when
    with pytest.raises(UnreadableError) as failure:
        Tokenizer.render(tokenizer, TURNS)

    # then
    assert "Expected to write text or a number, but it is a " in str(failure.value)


@pytest.mark.parametrize("wanted", ["%s", "%d %Z", "%z", "%c", "%999999999Y", "%", 7])
def test_should_tell_no_template_what_the_machine_thinks_of_the_time(wanted):
    # given
    template = ChatTemplate("{{ strftime_now(messages[0]['content']) }}", {})

    # when
    with pytest.raises(Exception) as failure:
        template.render([{"role": "user", "content": wanted}], False)

    # then
    assert "Expected a format of days and hours" in str(failure.value)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("{% if add_generation_prompt %}{{ ['a', 'b'] | random }}{% endif %}", "random"),
        ("{{ lipsum(1) }}", "lipsum"),
        ("{% set c = cycler(1, 2) %}{{ c ~ '' }}", "cycler"),
        ("{{ joiner() ~ '' }}", "joiner"),
    ],
)
def test_should_refuse_a_template_that_asks_for_chance(source, name, own):
    # given
    tokenizer = tokenizer_of(own, source)

    # when
    with pytest.raises(JobFailure) as failure:
        tokenizer.render(TURNS)

    # then
    assert (failure.value.exit_code, failure.value.code) == (65, "BAD_TEMPLATE")
    assert f"it uses '{name}'" in failure.value.message


def test_should_not_find_chance_by_its_name_either():
    # given
    template = ChatTemplate("{{ [['a', 'b']] | map(messages[0]['content']) | join }}", {})

    # when
    with pytest.raises(Exception) as failure:
        template.render([{"role": "user", "content": "random"}], False)

    # then
    assert "No filter named 'random'" in str(failure.value)


@pytest.mark.parametrize("source", ["{% if %}", "{{ a | nothing_known }}", "{% include 'x' %}{% endif %}"])
def test_should_refuse_what_is_no_template(source, own):
    # given
    tokenizer = tokenizer_of(own, source)

    # when
    with pytest.raises(JobFailure) as failure:
        tokenizer.render(TURNS)

    # then
    assert (failure.value.exit_code, failure.value.code) == (65, "BAD_TEMPLATE")


def test_should_refuse_several_templates_without_a_default(own):
    # given
    tokenizer = tokenizer_of(own, chat_template=[{"name": "one", "template": TEMPLATE}])

    # when
    with pytest.raises(JobFailure) as failure:
        tokenizer.render(TURNS)

    # then
    assert failure.value.exit_code == 65


@pytest.mark.parametrize(("dropout", "refused"), [(0.1, True), (0.0, False), (None, False)])
def test_should_refuse_a_tokenizer_that_leaves_merges_out_by_chance(dropout, refused, own):
    # given
    path = own / "tokenizer.json"
    value = json.loads(path.read_text())
    value["model"]["dropout"] = dropout
    write_json(path, value)

    # when
    try:
        found = Tokenizer(own, read_config(own))
    except JobFailure as failure:
        found = failure

    # then
    assert isinstance(found, JobFailure) == refused
    if refused:
        assert (found.exit_code, found.code) == (65, "BAD_TOKENIZER")
        assert "'dropout'" in found.message
