"""The checks that come with the tool, one question each; ``all_checks`` knows them."""
