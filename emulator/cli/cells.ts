// The cells of the firmware's state table, by the names that coverage uses.

import { cellName, EVENT_NAMES } from "../explore/coverage";
import { Cell, Event, table } from "../../firmware/machine";
import { STATE_NAMES } from "../../protocol/names";
import { States } from "../../protocol/states";

/** Every cell that is legal. Here, and nowhere else, the table and what is seen from outside meet. */
export function tableCells(): readonly string[] {
  const cells: string[] = [];
  for (let state = 0; state < States.count; state += 1) {
    for (let event = 0; event < Event.count; event += 1) {
      if (table[state * Event.count + event] !== Cell.none) cells.push(cellName((STATE_NAMES as Readonly<Record<number, string>>)[state]!, EVENT_NAMES[event]!));
    }
  }
  return cells;
}
