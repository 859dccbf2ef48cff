/** Calls `ring` once, `ms` milliseconds from now; answers how to call it off. Keeps no process alive. */
export type Alarm = (ms: number, ring: () => void) => () => void;

export const systemAlarm: Alarm = (ms, ring) => {
  const timer = setTimeout(ring, ms);
  timer.unref();
  return () => {
    clearTimeout(timer);
  };
};
