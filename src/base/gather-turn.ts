/**
 * Hands on together what one turn of the event loop produces: at the end of the turn, or as soon as there are
 * `itemsMax`. `handle` gets the items in their order.
 */
export function gatherTurn<T>(itemsMax: number, handle: (item: T) => void): (item: T) => void {
  let items: T[] = [];

  function handOn(): void {
    const gathered = items;
    items = [];
    for (const item of gathered) handle(item);
  }

  return (item) => {
    items.push(item);
    if (items.length === 1) setImmediate(handOn);
    else if (items.length === itemsMax) handOn();
  };
}
