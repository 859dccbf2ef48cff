/** The bounds of the service that concern expressions. */

/** In UTF-8, as sent. */
export const expressionBytesMax = 4_096;

/** Operators and functions of one expression; parentheses and the equals signs of SET do not count. */
export const operatorsMax = 300;

export const pathStepsMax = 32;

export const candidatesMax = 100;

export const listIndexMax = 2 ** 31 - 1;
