"""The pages behind the links of mails: opening one changes nothing, its button does."""
