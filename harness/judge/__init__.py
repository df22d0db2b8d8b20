"""The trusted side: a child pytest drives boxed solutions through proxies. May import every lower floor."""
