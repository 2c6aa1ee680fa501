// Paint: how a report colours its text, if it may.

export type Style = "red" | "green" | "yellow" | "blue" | "cyan" | "dim" | "bold";

/** Gives the text in that style, or as it is where colours are off. */
export type Paint = (style: Style, text: string) => string;
