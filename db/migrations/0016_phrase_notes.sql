-- What happened on a day, beside the counts; and when a record came, so that only what has settled is
-- folded into the archive.

create table coffee.phrase_notes (
  day date not null check (day between date '2020-01-01' and date '2100-01-01'),
  note text not null check (length(note) between 1 and 100 and note !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]'),
  primary key (day, note)
);
insert into coffee.phrase_notes (day, note) values
  ('2025-09-29', 'Sonnet 4.5'), ('2025-11-24', 'Opus 4.5');
comment on table coffee.phrase_notes is 'What the charts of phrases mark on a UTC day, such as a new model. Everybody may see it.';

alter table coffee.phrase_records add column imported_at timestamptz not null default now();
comment on column coffee.phrase_records.imported_at is 'When it came or was last revised. Only what has been quiet for a while is archived.';
