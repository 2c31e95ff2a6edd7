-- A priority that a move brought and nobody has touched goes with the move. What is in the history stays,
-- so the history may tell of one that is not there any more.
alter type coffee.history_change add value 'withdraw';
alter table coffee.roadmap_history drop constraint roadmap_history_item_id_fkey;
comment on column coffee.roadmap_history.item_id is 'Also of an item that was taken back with the move that had brought it.';
