-- What run a verdict is asked about: an auditor is asked anew when the run before has fallen.
alter table delivery add column commitment text;
