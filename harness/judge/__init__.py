"""The trusted side: a child pytest drives boxed solutions through proxies and reports outcomes.

May import every lower floor. What the child imports (child, plugin, box_session, proxy, link,
transcript) starts with every judgement.
"""
