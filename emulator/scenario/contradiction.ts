// Whether two expectations of one instant can both be met.

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPairs(value: readonly unknown[]): value is readonly (readonly [unknown, unknown])[] {
  return value.length > 0 && value.every((each) => Array.isArray(each) && each.length === 2);
}

/** Lists name what is there, in any order; pairs name some of what is there, by key. */
function listsContradict(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (isPairs(one) && isPairs(other)) return one.some(([key, value]) => other.some(([same, second]) => same === key && contradicts(value, second)));
  // Records that are named by kind.
  if (one.every(isMapping) && other.every(isMapping)) {
    return one.some((each) => other.some((second) => each["kind"] === second["kind"] && contradicts(each["values"], second["values"])));
  }
  return JSON.stringify([...one].sort()) !== JSON.stringify([...other].sort());
}

/** True if nothing can be both. Numbers with a tolerance contradict when their ranges do not meet. */
export function contradicts(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) return listsContradict(one, other);
  if (!isMapping(one) || !isMapping(other)) return one !== other;
  const { value, within } = one;
  const { value: second, within: tolerance } = other;
  if (typeof value === "number" && typeof second === "number" && typeof within === "number" && typeof tolerance === "number") {
    return Math.abs(value - second) > within + tolerance;
  }
  return Object.keys(one).some((name) => one[name] !== undefined && other[name] !== undefined && contradicts(one[name], other[name]));
}
