/** What the server stands on has failed (storage lost, disk full, outcome unknown): nobody's bug, worth another try. */
export class EnvironmentError extends Error {}
