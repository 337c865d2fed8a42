"""What happened: an entry for each act, in the transaction of the act. Ids only, no names, so that erasure stays possible."""
