-- What becomes of an event lies beside it and no longer in it: to change a batch was to copy all that it says.
alter type priv.trace_event drop attribute status, drop attribute again;
comment on type priv.trace_event is 'One event of a batch, read; problem says why it is refused.';
