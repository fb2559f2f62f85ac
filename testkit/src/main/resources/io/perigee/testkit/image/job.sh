# The jobs of the tests. Each function below is one way a stranger's container may behave.
cd /perigee

# What an image says when it is asked for its numeric classes.
if [ "$2" = class ]; then
  case "$1" in
    honest)
      echo "warming up" >&2
      echo '{"version":1,"classes":[{"kernels":"wide","gpu":false,"flopsPerSecond":2000,"madeOf":{"kernel":"wide","library":"1.0"}},'\
'{"kernels":"narrow","gpu":false,"flopsPerSecond":1000,"madeOf":{"kernel":"narrow","library":"1.0"}}]}' ;;
    *) echo "no such command" >&2; exit 64 ;;
  esac
  exit 0
fi

border() {
  mkdir "checkpoints/.$1"
  echo "adapter $1" > "checkpoints/.$1/adapter.safetensors"
  echo "optimizer $1" > "checkpoints/.$1/optimizer.safetensors"
  echo "{\"step\":$(($1 * 8))}" > "checkpoints/.$1/state.json"
  echo "{\"step\":$(($1 * 8)),\"loss\":2.5}" > "checkpoints/.$1/metrics.jsonl"
  touch "checkpoints/.$1/DONE"
  mv "checkpoints/.$1" "checkpoints/$1"
  echo "{\"step\":$(($1 * 8)),\"loss\":2.5,\"lr\":0.0002,\"gradNorm\":0.75,\"tokensPerSecond\":1000,\"seconds\":1.5}" >> progress.jsonl
}

borders() {
  for ((i = PERIGEE_FROM + 1; i <= PERIGEE_TO; i++)); do
    border "$i"
    sleep "$1"
  done
}

outputs() {
  echo '{"peft_type":"LORA"}' > outputs/adapter_config.json
  echo "the adapter" > outputs/adapter_model.safetensors
}

case "$1" in
  honest) borders 0.05; outputs ;;
  slow) borders 1; outputs ;;
  slow-later) borders 3; outputs ;;
  result-only) echo "a result" > outputs/result.txt ;;
  kernels) borders 0.05; outputs; echo "$PERIGEE_KERNELS" > outputs/kernels.txt ;;
  inputs) cat inputs/dataset/rows.jsonl inputs/base/config.json job.json > outputs/result.txt ;;
  bad-data) echo "starting" >&2; echo "row 7 of the dataset is no JSON" >&2; exit 65 ;;
  bad-checkpoint)
    if [ "$PERIGEE_FROM" -gt 0 ]; then
      echo '{"code":"BAD_CHECKPOINT","message":"its header is not JSON"}' > outputs/error.json; exit 65
    fi
    borders 0.05; outputs ;;
  bad-spec-file) echo '{"code":"RANK_TOO_HIGH","message":"the rank is above the width"}' > outputs/error.json; exit 64 ;;
  oom) tail /dev/zero ;;
  child-oom) tail /dev/zero; exit 0 ;;
  crash) echo "something broke" >&2; exit 3 ;;
  no-files) exit 0 ;;
  half) border 1; touch outputs/x; exit 0 ;;
  yields) trap 'exit 75' TERM; border 1; while true; do sleep 0.1; done ;;
  stubborn) trap '' TERM; border 1; border 2; while true; do sleep 0.1; done ;;
  fork-bomb) for ((i = 0; i < 5000; i++)); do sleep 60 & done; echo "forked 5000" > outputs/result.txt ;;
  disk-hog) dd if=/dev/zero of=outputs/hog bs=1M count=400; sleep 60 ;;
  link)
    mkdir checkpoints/1; ln -s /etc/hostname checkpoints/1/adapter.safetensors
    echo o > checkpoints/1/optimizer.safetensors; echo s > checkpoints/1/state.json; echo m > checkpoints/1/metrics.jsonl
    touch checkpoints/1/DONE; sleep 60 ;;
  output-link) borders 0.05; outputs; ln -s /proc/1/environ outputs/secrets ;;
  output-pipe) borders 0.05; outputs; mkfifo outputs/pipe ;;
  tampers) borders 0.05; sleep 1; outputs; echo "other" > "checkpoints/$PERIGEE_TO/adapter.safetensors" ;;
  talks) for ((i = 0; i < 100000; i++)); do echo "a line of no interest to anybody at all"; done; exit 3 ;;
  probe)
    {
      echo "uid $(id -u) gid $(id -g)"
      echo "network $(ls /sys/class/net)"
      (exec 3<>/dev/tcp/192.0.2.1/80) 2>&1
      grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status
      touch /anywhere 2>&1
      touch inputs/x job.json 2>&1
      echo "#!/bin/bash" > /tmp/x; /tmp/x 2>&1
      dd if=/dev/zero of=/tmp/big bs=1M count=500 2>&1
      ls /dev
      echo "from $PERIGEE_FROM to $PERIGEE_TO"
    } > outputs/probe.txt ;;
  *) echo "unknown behaviour $1" >&2; exit 9 ;;
esac
