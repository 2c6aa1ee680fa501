// Small parts that all panels are made of.

import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

export function Panel({ id, title, note, children }: { readonly id: string; readonly title: string; readonly note?: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <section id={id} class="panel" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {note === undefined ? null : <p class="note">{note}</p>}
      {children}
    </section>
  );
}

/** A name and a value. */
export function Rows({ rows }: { readonly rows: readonly (readonly [name: string, value: ComponentChildren])[] }): JSX.Element {
  return <dl class="rows">{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd data-row={name}>{value}</dd></div>)}</dl>;
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly size?: number;
}

export function Field({ label, value, set, size = 12 }: FieldProps): JSX.Element {
  const id = useId();
  return <span class="field"><label for={id}>{label}</label><input id={id} value={value} size={size} autocomplete="off" spellcheck={false} onInput={(event) => { set(event.currentTarget.value); }} /></span>;
}

export function Choice({ label, value, set, options }: Omit<FieldProps, "size"> & { readonly options: readonly (readonly [value: string, text: string])[] }): JSX.Element {
  const id = useId();
  return (
    <span class="field"><label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => { set(event.currentTarget.value); }}>{options.map(([key, text]) => <option key={key} value={key}>{text}</option>)}</select>
    </span>
  );
}

interface ButtonProps {
  readonly act: () => void;
  readonly children: ComponentChildren;
  readonly off?: boolean;
  readonly id?: string;
  readonly pressed?: boolean;
  readonly label?: string;
}

export function Button({ act, children, off = false, id, pressed, label }: ButtonProps): JSX.Element {
  return <button type="button" id={id} disabled={off} aria-pressed={pressed} aria-label={label} onClick={act}>{children}</button>;
}
