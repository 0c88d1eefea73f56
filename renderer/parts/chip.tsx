// Owns the small label with an icon: colour never says anything alone.
import type { ReactNode } from 'react';

type Tone = 'good' | 'warn' | 'bad' | 'plain';

const toneClass: Readonly<Record<Tone, string>> = {
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  plain: 'bg-sunk text-soft',
};

export function Chip(props: {
  readonly tone: Tone;
  readonly icon: ReactNode;
  readonly children: ReactNode;
  readonly testId?: string;
}) {
  return (
    <span className={`chip ${toneClass[props.tone]}`} data-testid={props.testId}>
      {props.icon}
      {props.children}
    </span>
  );
}
