// What passes: the frames on the line, decoded, and the pump's news.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Numbered } from "../../ui/messages";
import { Button, Panel } from "./parts";

/** A list whose end stays in view, unless somebody has scrolled up to read. */
function Tail({ label, items }: { readonly label: string; readonly items: readonly Numbered[] }): JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  const following = useRef(true);
  useEffect(() => {
    const { current } = list;
    if (current !== null && following.current) current.scrollTop = current.scrollHeight;
  }, [items]);
  return (
    <ol ref={list} class="tail" tabIndex={0} aria-label={label} onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => { following.current = scrollHeight - scrollTop - clientHeight < 30; }}>
      {items.map((item) => <li key={item.id} class={item.kind === "frame" ? item.from : `news-${item.type}`}><time>{item.at}</time> {item.kind === "frame" ? <b>{item.from === "wand" ? "wand >" : "< pump"}</b> : null} {item.text}</li>)}
    </ol>
  );
}

export function FramesPanel({ frames }: { readonly frames: readonly Numbered[] }): JSX.Element {
  const [held, setHeld] = useState<readonly Numbered[] | undefined>(undefined);
  return (
    <Panel id="frames" title="Frames on the line" note="Both ways, of every wand there is; with the key also what is sealed. The last 500.">
      <Button act={() => { setHeld(held === undefined ? frames : undefined); }} pressed={held !== undefined}>{held === undefined ? "Hold" : "Held: go on"}</Button>
      <Tail label="Frames" items={held ?? frames} />
    </Panel>
  );
}

export function NewsPanel({ news, missed }: { readonly news: readonly Numbered[]; readonly missed: number }): JSX.Element {
  return (
    <Panel id="news" title="News" {...(missed === 0 ? {} : { note: `${missed} pieces of news or frames are not here: they came faster, or longer ago, than they are kept.` })}>
      <Tail label="News" items={news} />
    </Panel>
  );
}
