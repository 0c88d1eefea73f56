// Owns which rewards are tried on a sale, and in what order.
import type { RefusedClaim } from '#loyalty/pricing/pricing.ts';
import type { Sale } from '#loyalty/pricing/sale.ts';
import type { RewardsFile } from '#loyalty/programme/reward.ts';
import type { CompiledReward } from '#loyalty/rewards/compiledReward.ts';

/** Rewards by what brings them into a sale. */
export interface Sequence {
  readonly order: RewardsFile['order'];
  readonly byId: ReadonlyMap<string, CompiledReward>;
  /** Those that come by themselves, in the order in which they are tried. */
  readonly automatic: readonly Attempt[];
  readonly byCode: ReadonlyMap<string, readonly CompiledReward[]>;
}

/** One reward to be tried. */
export interface Attempt {
  readonly reward: CompiledReward;
  /** How often it was claimed; null for an automatic one and for a code. */
  readonly times: number | null;
  readonly line: number | null;
  /** Somebody asked for it, and hears why it is refused. */
  readonly isAsked: boolean;
}

/** By order, then as the file has them; a pipeline has its stages first. */
export function compareAttempts(order: RewardsFile['order']) {
  return ({ reward: left }: Attempt, { reward: right }: Attempt): number =>
    (order === 'pipeline' ? left.stage - right.stage : 0) ||
    left.file.order - right.file.order ||
    left.index - right.index;
}

export function automaticAttempts(
  list: readonly CompiledReward[],
  order: RewardsFile['order'],
): readonly Attempt[] {
  return list
    .filter(({ file }) => file.trigger === 'automatic' && file.kind !== 'convert')
    .map((reward) => ({ reward, times: null, line: null, isAsked: false }))
    .sort(compareAttempts(order));
}

/**
 * What is tried on a sale. As claimed: automatic ones by `order` and file, then codes as they were
 * scanned, then claims as they were made. In the pipeline stages come first, whatever was asked
 * for when; claims of the same reward stay in the order of asking.
 */
export function attemptsOf(
  rewards: Sequence,
  sale: Sale,
  refusals: RefusedClaim[],
): readonly Attempt[] {
  const { claims, codes } = sale;
  if (claims.length === 0 && codes.length === 0) return rewards.automatic;
  const attempts = [...rewards.automatic];
  for (const code of new Set(codes)) {
    for (const reward of rewards.byCode.get(code) ?? []) {
      attempts.push({ reward, times: null, line: null, isAsked: true });
    }
  }
  for (const { rewardId, times, line } of claims) {
    const reward = rewards.byId.get(rewardId);
    if (reward?.file.trigger !== 'claim') {
      refusals.push({ rewardId, reason: 'reward-unknown', missing: 0 });
      continue;
    }
    attempts.push({ reward, times, line, isAsked: true });
  }
  return rewards.order === 'pipeline' ? attempts.sort(compareAttempts('pipeline')) : attempts;
}

/** Rewards of a group that are tried together: only one of them counts. */
export interface Rivals {
  readonly keeps: 'best' | 'newest';
  readonly rewards: readonly CompiledReward[];
}

export function rivalsIn(attempts: readonly Attempt[]): readonly Rivals[] {
  const groups = new Map<string, { keeps: Rivals['keeps']; rewards: Set<CompiledReward> }>();
  for (const { reward } of attempts) {
    const { group } = reward.file;
    if (group === undefined) continue;
    const known = groups.get(group.groupId);
    if (known === undefined) {
      groups.set(group.groupId, { keeps: group.keeps, rewards: new Set([reward]) });
    } else known.rewards.add(reward);
  }
  const rivals: Rivals[] = [];
  for (const { keeps, rewards } of groups.values()) {
    if (rewards.size > 1) rivals.push({ keeps, rewards: [...rewards] });
  }
  return rivals;
}
