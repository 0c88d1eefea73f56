// Owns what keeps a sale from being paid: lines that this customer may not buy, or not so many of.
import type { PricingContext } from '#loyalty/pricing/context.ts';
import type { Message } from '#loyalty/pricing/pricing.ts';
import type { CompiledProgramme } from '#loyalty/programme/compile.ts';
import { nameArgs } from '#loyalty/why.ts';

const NO_GATES: readonly Message[] = [];

function gate(whyKey: string, name: Readonly<Record<string, string>>, lines: number[]): Message {
  return { kind: 'gate', missingMinor: 0, points: 0, lines, whyKey, whyArgs: nameArgs(name) };
}

/** Items that only members, or those of some tiers, may buy. */
function itemGates(compiled: CompiledProgramme, context: PricingContext): readonly Message[] {
  const { atMs } = context.moment;
  return compiled.gates.flatMap(({ name, matches, fromMs, toMs, tierIds }): Message[] => {
    const isMember = context.member !== null;
    const isAllowed = isMember && (tierIds === null || tierIds.has(context.tierId));
    if (isAllowed || atMs < fromMs || atMs >= toMs) return [];
    const lines = context.lines
      .filter(({ line }) => matches === null || matches(line))
      .map(({ line }) => line.line);
    return lines.length === 0 ? [] : [gate('notice.gate', name, lines)];
  });
}

/**
 * What is sold to a person: a guest has nobody to hold it. A membership is sold once a sale, so
 * that what comes back is always the whole of it.
 */
function personalGates(compiled: CompiledProgramme, context: PricingContext): readonly Message[] {
  const { membershipBySku, topUpAccountBySku, accounts } = compiled;
  const messages: Message[] = [];
  const seen = new Set<string>();
  for (const { line } of context.lines) {
    if (line.sku === null || line.kind === 'deduction') continue;
    const membership = membershipBySku.get(line.sku);
    const account = accounts.get(topUpAccountBySku.get(line.sku) ?? '');
    const name = membership?.name ?? account?.names.one;
    if (name === undefined) continue;
    if (context.member === null) messages.push(gate('notice.gate', name, [line.line]));
    else if (membership !== undefined) {
      const isSecond = seen.has(membership.membershipId) || line.quantity > 1;
      if (isSecond) messages.push(gate('notice.membership-once', name, [line.line]));
      seen.add(membership.membershipId);
    }
  }
  return messages;
}

/** Gates of a sale: while there is one it cannot be paid. */
export function gatesOf(compiled: CompiledProgramme, context: PricingContext): readonly Message[] {
  const { gates, membershipBySku, topUpAccountBySku } = compiled;
  const isPersonal = membershipBySku.size > 0 || topUpAccountBySku.size > 0;
  if (gates.length === 0 && !isPersonal) return NO_GATES;
  return [...itemGates(compiled, context), ...personalGates(compiled, context)];
}
