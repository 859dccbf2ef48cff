/** Calls `ring` once, `ms` milliseconds from now; answers how to call it off. */
export type Alarm = (ms: number, ring: () => void) => () => void;

/** Keeps no process alive. */
export const systemAlarm: Alarm = (ms, ring) => {
  const timer = setTimeout(ring, ms);
  timer.unref();
  return () => {
    clearTimeout(timer);
  };
};

/** Keeps the process alive until it has rung or is called off. */
export const wakefulAlarm: Alarm = (ms, ring) => {
  const timer = setTimeout(ring, ms);
  return () => {
    clearTimeout(timer);
  };
};
