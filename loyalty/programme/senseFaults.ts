// Owns faults of values that are written right and can never do what they say.
import { parseInstantIso } from '#loyalty/instant.ts';
import { parseRate } from '#loyalty/points.ts';
import type { BudgetFile, CapFile, EarningRuleFile } from '#loyalty/programme/earning.ts';
import { repeatedFaults } from '#loyalty/programme/fields.ts';
import type { ProgrammeFault } from '#loyalty/programme/programmeFaults.ts';
import type { ProgrammeFile } from '#loyalty/programme/programmeFile.ts';
import type { RewardFile } from '#loyalty/programme/reward.ts';

/** Names of what the engine itself keeps in the books, and of tenders that are nobody's account. */
const TAKEN = new Set(
  'tier badge membership visits spend enrolled goodwill transferred barred cash card'.split(' '),
);

function accountFaults({ accounts, topUps }: ProgrammeFile): ProgrammeFault[] {
  const kinds = new Map(accounts.map(({ accountId, kind }) => [accountId, kind]));
  const taken = accounts.flatMap(({ accountId }, index) => {
    const message = `write another name: "${accountId}" means something else already`;
    return TAKEN.has(accountId) ? [{ path: `$.accounts[${index}].accountId`, message }] : [];
  });
  const noMoney = topUps.flatMap(({ account }, index) => {
    const kind = account === 'points' ? (kinds.get(account) ?? 'points') : kinds.get(account);
    const message = `write an account of the kind "money"; "${account}" is of the kind "${kind}"`;
    // A name that no account has is a fault of its own.
    return kind === undefined || kind === 'money'
      ? []
      : [{ path: `$.topUps[${index}].account`, message }];
  });
  return [...taken, ...noMoney];
}

interface Span {
  readonly fromIso?: string | undefined;
  readonly toIso?: string | undefined;
}

/** Times that end before they begin. */
function timeFaults({ windows, gates }: ProgrammeFile): ProgrammeFault[] {
  const of = (list: string, spans: readonly Span[]) =>
    spans.flatMap(({ fromIso, toIso }, index) => {
      if (fromIso === undefined || toIso === undefined) return [];
      const [fromMs, toMs] = [parseInstantIso(fromIso), parseInstantIso(toIso)];
      const message = 'write an instant after fromIso';
      const isRight = fromMs === null || toMs === null || fromMs < toMs;
      return isRight ? [] : [{ path: `$.${list}[${index}].toIso`, message }];
    });
  return [...of('windows', windows), ...of('gates', gates)];
}

/** Names that tell apart what belongs together: languages, prices, the cards of partners. */
function nameFaults({ languages, contracts, partners, cards }: ProgrammeFile): ProgrammeFault[] {
  const prices = contracts.map((contract, index) =>
    contract.prices.map(({ sku }, place) => ({
      path: `$.contracts[${index}].prices[${place}].sku`,
      value: sku,
    })),
  );
  const prefixes = partners.map(({ cardPrefix }, index) => ({
    path: `$.partners[${index}].cardPrefix`,
    value: cardPrefix,
  }));
  const own = cards.memberPrefix;
  return [
    ...repeatedFaults(languages.map((value, index) => ({ path: `$.languages[${index}]`, value }))),
    ...prices.flatMap(repeatedFaults),
    ...repeatedFaults(prefixes),
    ...prefixes
      .filter(({ value }) => own?.startsWith(value) === true)
      .map(({ path }) => ({ path, message: `write more than "${own}", where own cards begin` })),
  ];
}

function whenFaults({ when }: EarningRuleFile | RewardFile, path: string): ProgrammeFault[] {
  const { hours } = when;
  const message = 'write another time than "from": nothing lies between them';
  return hours !== undefined && hours.from === hours.to
    ? [{ path: `${path}.when.hours.to`, message }]
    : [];
}

function capFaults(caps: readonly CapFile[], path: string, isOfReward: boolean): ProgrammeFault[] {
  return caps.flatMap(({ points, times }, index) => {
    const needed = isOfReward ? 'times' : 'points or times';
    const message = `write it: a limit without ${needed} limits nothing`;
    const isEmpty = times === undefined && (isOfReward || points === undefined);
    return isEmpty ? [{ path: `${path}[${index}].times`, message }] : [];
  });
}

function budgetFaults(budget: BudgetFile, costMinor: string, path: string): ProgrammeFault[] {
  const { amountMinor, tillShareMinor } = budget;
  const faults: ProgrammeFault[] = [];
  if (/^0(\.0+)?$/.test(costMinor)) {
    const message = 'remove it, or write costMinor of the account: its points cost nothing';
    faults.push({ path, message });
  }
  if (tillShareMinor !== undefined && tillShareMinor > amountMinor) {
    const message = `write at most ${amountMinor}, the whole of the budget`;
    faults.push({ path: `${path}.tillShareMinor`, message });
  }
  return faults;
}

function ruleFaults(file: ProgrammeFile): ProgrammeFault[] {
  const costs = new Map(file.accounts.map(({ accountId, costMinor }) => [accountId, costMinor]));
  const partners = new Map(file.partners.map((one) => [one.partnerId, one.account]));
  return file.earning.rules.flatMap((rule, index) => {
    const path = `$.earning.rules[${index}]`;
    const { account, budget } = rule;
    const owed = rule.kind === 'share' ? (partners.get(rule.to) ?? account) : account;
    const message = `write "${owed}", the account of the partner: nothing else is settled`;
    return [
      ...whenFaults(rule, path),
      ...capFaults(rule.caps, `${path}.caps`, false),
      ...(budget === undefined
        ? []
        : budgetFaults(budget, costs.get(account) ?? '0', `${path}.budget`)),
      ...(owed === account ? [] : [{ path: `${path}.account`, message }]),
    ];
  });
}

function conversionFaults(reward: RewardFile, path: string): ProgrammeFault[] {
  const { kind, trigger, cost } = reward;
  if (kind !== 'convert') {
    const message = 'write another trigger: only a reward of the kind convert comes when it closes';
    return trigger === 'window-close' ? [{ path: `${path}.trigger`, message }] : [];
  }
  if (cost === undefined) {
    return [{ path: `${path}.cost`, message: 'write what each time takes' }];
  }
  return cost.account === reward.to
    ? [{ path: `${path}.to`, message: 'write another account than the cost is taken from' }]
    : [];
}

function rewardFaults({ list }: ProgrammeFile['rewards']): ProgrammeFault[] {
  const keeps = new Map<string, string>();
  return list.flatMap((reward, index) => {
    const path = `$.rewards.list[${index}]`;
    const { group, limits } = reward;
    const first = group === undefined ? undefined : (keeps.get(group.groupId) ?? group.keeps);
    if (group !== undefined && first !== undefined) keeps.set(group.groupId, first);
    const percent = reward.kind === 'percent-off' ? parseRate(reward.percent) : null;
    const isTooMuch = percent !== null && percent.numerator > 100n * percent.denominator;
    return [
      ...whenFaults(reward, path),
      ...capFaults(limits, `${path}.limits`, true),
      ...conversionFaults(reward, path),
      ...(first === group?.keeps
        ? []
        : [{ path: `${path}.group.keeps`, message: `write "${first}", as the group began` }]),
      ...(isTooMuch ? [{ path: `${path}.percent`, message: 'write at most "100"' }] : []),
    ];
  });
}

export function senseFaults(file: ProgrammeFile): ProgrammeFault[] {
  return [
    ...accountFaults(file),
    ...timeFaults(file),
    ...nameFaults(file),
    ...ruleFaults(file),
    ...rewardFaults(file.rewards),
  ];
}
