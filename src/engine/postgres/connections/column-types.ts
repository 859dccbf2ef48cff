import { types } from "pg";

type Id = Parameters<typeof types.getTypeParser>[0];
type Format = Parameters<typeof types.getTypeParser>[1];

const { INT2, INT4, INT8, NUMERIC } = types.builtins;

/** How columns are read: numbers as numbers, since ours are whole and within 2 ** 53, sums included. */
export const columnTypes = {
  getTypeParser(id: Id, format?: Format): unknown {
    const isNumber = id === INT8 || id === INT4 || id === INT2 || id === NUMERIC;
    return isNumber ? Number : types.getTypeParser(id, format);
  },
};
