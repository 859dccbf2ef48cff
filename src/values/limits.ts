/** The bounds of the service that concern values and items. */

/** Names and values of a whole item. */
export const itemBytesMax = 409_600;

export const partitionKeyBytesMax = 2_048;
export const sortKeyBytesMax = 1_024;

/** In UTF-8. Names of key attributes are bound tighter, by the model. */
export const attributeNameBytesMax = 65_535;

/** An attribute's own value is level 1; what a list or map holds is one level below it. */
export const nestingLevelsMax = 32;

export const numberDigitsMax = 38;

/** Numbers lie in 10^-130 to 10^126 (exclusive), written as 0.<digits> times ten to the power of their point. */
export const numberPointMax = 126;
export const numberPointMin = -129;
