"""A rate limiter that stores events as small dicts and replays them through plan objects.

Each question builds the user's account anew and feeds it the events up to some moment. Plans are
stateful while they are replayed; the bucket counts in fractions.
"""

from collections import deque
from fractions import Fraction
from math import ceil, floor


class UnknownTier(Exception):
    pass


class StoreUnavailable(Exception):
    pass


class Fixed:
    def __init__(self, limit, window):
        self.limit = limit
        self.window = window
        self.index = -1
        self.units = 0

    def enter(self, moment, history, used):
        for earlier, units in history:
            self.spend(earlier, units)

    def turn_to(self, moment):
        if moment // self.window != self.index:
            self.index = moment // self.window
            self.units = 0

    def spend(self, moment, units):
        self.turn_to(moment)
        self.units += units

    def used(self, moment):
        self.turn_to(moment)
        return self.units

    def next_relief(self, moment):
        return (self.index + 1) * self.window


class Sliding:
    def __init__(self, limit, window):
        self.limit = limit
        self.window = window
        self.queue = deque()

    def enter(self, moment, history, used):
        self.queue.extend(history)

    def spend(self, moment, units):
        self.queue.append((moment, units))

    def used(self, moment):
        while self.queue and self.queue[0][0] + self.window <= moment:
            self.queue.popleft()
        return sum(units for _, units in self.queue)

    def next_relief(self, moment):
        return self.queue[0][0] + self.window


class Bucket:
    def __init__(self, limit, refill, period):
        self.limit = limit
        self.rate = Fraction(refill, period)
        self.level = Fraction(limit)
        self.since = 0

    def enter(self, moment, history, used):
        self.since = moment
        self.level = Fraction(max(0, self.limit - used))

    def flow(self, moment):
        self.level = min(self.level + (moment - self.since) * self.rate, Fraction(self.limit))
        self.since = moment

    def spend(self, moment, units):
        self.flow(moment)
        self.level -= units

    def used(self, moment):
        self.flow(moment)
        return self.limit - floor(self.level)

    def next_relief(self, moment):
        whole = floor(self.level) + 1
        return moment + ceil((whole - self.level) / self.rate)


class Account:
    """One user's state at some moment, made by replaying events."""

    def __init__(self, recipes, events, until):
        self.recipes = recipes
        self.history = []
        self.tier = None
        self.plan = self.make(None)
        for event in events:
            if event["at"] > until:
                break
            if "units" in event:
                self.plan.spend(event["at"], event["units"])
                self.history.append((event["at"], event["units"]))
            else:
                self.move(event["at"], event["tier"])
        self.now = until
        self.used = self.plan.used(until)
        self.remaining = max(0, self.plan.limit - self.used)

    def make(self, tier):
        kind, *numbers = self.recipes[tier]
        return kind(*numbers)

    def move(self, moment, tier):
        used = self.plan.used(moment)
        self.tier = tier
        self.plan = self.make(tier)
        self.plan.enter(moment, self.history, used)

    def wait(self, cost):
        moment = self.now
        while self.plan.used(moment) + cost > self.plan.limit:
            moment = self.plan.next_relief(moment)
        return moment - self.now


class RateLimiter:
    def __init__(self, limit, window, node=None, load=None, compare_and_set=None):
        self.recipes = {None: (Fixed, limit, window)}
        self.costs = {}
        self.node = node
        self.next_ticket = 0
        self.seen = {}
        if load is None:
            local = {}

            def load(key):
                return local.get(key, ([], 0))

            def compare_and_set(key, version, value):
                local[key] = (value, version + 1)
                return True

        self.load = load
        self.compare_and_set = compare_and_set

    def add_tier(self, name, capacity, refill, period):
        self.recipes[name] = (Bucket, capacity, refill, period)

    def add_window_tier(self, name, limit, window):
        self.recipes[name] = (Sliding, limit, window)

    def set_cost(self, endpoint, cost):
        self.costs[endpoint] = cost

    def set_tier(self, user, tier, timestamp):
        if tier not in self.recipes:
            raise UnknownTier(tier)

        def event(account):
            return None if account.tier == tier else {"tier": tier}

        if self.commit(user, timestamp, event) is None:
            raise StoreUnavailable(user)

    def allow(self, user, timestamp, endpoint=None):
        cost = self.costs.get(endpoint, 1)

        def event(account):
            return None if account.remaining < cost else {"units": cost}

        return self.commit(user, timestamp, event) is True

    def remaining(self, user, timestamp):
        return self.account(self.look(user), timestamp).remaining

    def retry_after(self, user, timestamp, endpoint=None):
        account = self.account(self.look(user), timestamp)
        cost = self.costs.get(endpoint, 1)
        return account.wait(cost) if cost <= account.plan.limit else None

    def status(self, user, at):
        account = Account(self.recipes, self.look(user), at)
        return {"tier": account.tier, "used": account.used, "remaining": account.remaining}

    def usage(self, user, start, end):
        return sum(
            event["units"]
            for event in self.look(user)
            if "units" in event and event["at"] in range(start, end)
        )

    def account(self, events, timestamp):
        latest = max((event["at"] for event in events), default=0)
        return Account(self.recipes, events, max(timestamp, latest))

    def learn(self, user, events, version):
        best = self.seen.get(user)
        if best is None or best[1] < version:
            self.seen[user] = (events, version)

    def look(self, user, attempts=5):
        """The newest events of the user that can be seen."""
        if attempts > 0:
            try:
                events, version = self.load(user)
            except ConnectionError:
                return self.look(user, attempts - 1)
            self.learn(user, events or [], version)
        elif user not in self.seen:
            raise StoreUnavailable(user)
        return self.seen[user][0]

    def commit(self, user, timestamp, make):
        """True when the event is stored, False when there is none to store, None if unknown."""
        ticket = [self.node, self.next_ticket]
        self.next_ticket += 1
        for _ in range(5):
            try:
                events, version = self.load(user)
                self.learn(user, events or [], version)
                events, version = self.seen[user]
                if ticket in [event["ticket"] for event in events]:
                    return True
                account = self.account(events, timestamp)
                event = make(account)
                if event is None:
                    return False
                longer = [*events, event | {"at": account.now, "ticket": ticket}]
                if self.compare_and_set(user, version, longer):
                    self.learn(user, longer, version + 1)
                    return True
            except ConnectionError:
                continue
        return None
