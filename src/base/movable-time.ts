/** Time that can be moved forward: what waits for a moment hears of a jump past it. */
import { systemAlarm, type Alarm } from "./alarm.ts";
import { systemClock, type Clock } from "./clock.ts";

export interface MovableTime {
  readonly clock: Clock;
  /** Rings early when the time is moved. */
  readonly alarm: Alarm;
  /** Moves the clock by so many milliseconds, never back, and rings what is due by then in the order of its time. */
  readonly advance: (ms: number) => void;
}

/** Time that passes as `clock` does, plus all it was moved by. */
export function openMovableTime(clock: Clock = systemClock, alarm: Alarm = systemAlarm): MovableTime {
  let movedMs = 0;
  const pending = new Set<PendingAlarm>();
  const now = () => clock.now() + movedMs;

  function set(pendingAlarm: PendingAlarm): void {
    pendingAlarm.callOff = alarm(Math.max(0, pendingAlarm.dueAt - now()), () => {
      pending.delete(pendingAlarm);
      pendingAlarm.ring();
    });
  }

  return {
    clock: { now },
    alarm(ms, ring) {
      const own: PendingAlarm = { dueAt: now() + ms, ring, callOff: () => undefined };
      pending.add(own);
      set(own);
      return () => {
        pending.delete(own);
        own.callOff();
      };
    },
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError("time moves forward only");
      movedMs += ms;
      const waiting = [...pending].sort((left, right) => left.dueAt - right.dueAt);
      for (const each of waiting) {
        // One that rang before may have called it off.
        if (!pending.has(each)) continue;
        each.callOff();
        if (each.dueAt > now()) set(each);
        else {
          pending.delete(each);
          each.ring();
        }
      }
    },
  };
}

interface PendingAlarm {
  readonly dueAt: number;
  readonly ring: () => void;
  callOff: () => void;
}
