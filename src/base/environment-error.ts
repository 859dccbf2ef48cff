/** What the server stands on has failed (storage lost, disk full, outcome unknown): nobody's bug, worth another try. */
export class EnvironmentError extends Error {}

/** What the server stands on has more to do than it can: nothing happened, and the same may go well a little later. */
export class BusyError extends EnvironmentError {}
