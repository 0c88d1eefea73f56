// Owns faults of names in a programme file: those that stand twice, and those that nothing has.
import { parseInstantIso } from '#loyalty/instant.ts';
import type { ConditionFile } from '#loyalty/programme/condition.ts';
import { repeatedFaults } from '#loyalty/programme/fields.ts';
import type { ProgrammeFault } from '#loyalty/programme/programmeFaults.ts';
import type { ProgrammeFile } from '#loyalty/programme/programmeFile.ts';

/** A name, and where in the file it stands. */
interface Named {
  readonly path: string;
  readonly value: string;
}

/** Faults for names that nothing has. */
function unknown(
  uses: readonly Named[],
  known: ReadonlySet<string>,
  what: string,
): ProgrammeFault[] {
  const list = [...known].join(', ') || 'none yet';
  return uses
    .filter(({ value }) => !known.has(value))
    .map(({ path, value }) => ({
      path,
      message: `"${value}" is no ${what} of this programme; write one of: ${list}`,
    }));
}

/** The names in a list, each with its path. */
function namesIn(path: string, values: readonly string[] = []): Named[] {
  return values.map((value, index) => ({ path: `${path}[${index}]`, value }));
}

/** One name of each entry of a list; entries without one are left out. */
function namesOf<T>(
  path: string,
  list: readonly T[],
  key: string,
  nameOf: (entry: T) => string | undefined,
): Named[] {
  return list.flatMap((entry, index) => {
    const value = nameOf(entry);
    return value === undefined ? [] : [{ path: `${path}[${index}].${key}`, value }];
  });
}

interface ConditionAt {
  readonly path: string;
  readonly when: ConditionFile;
}

function conditionsOf(file: ProgrammeFile): readonly ConditionAt[] {
  return [
    ...file.earning.rules.map(({ when }, index) => ({
      path: `$.earning.rules[${index}].when`,
      when,
    })),
    ...file.rewards.list.map(({ when }, index) => ({
      path: `$.rewards.list[${index}].when`,
      when,
    })),
  ];
}

function conditionFaults(file: ProgrammeFile): ProgrammeFault[] {
  const conditions = conditionsOf(file);
  const uses = (key: 'tierIds' | 'membershipIds' | 'badgeIds') =>
    conditions.flatMap(({ path, when }) => namesIn(`${path}.${key}`, when[key]));
  const badges = file.earning.rules.flatMap((rule) =>
    (rule.kind === 'streak' || rule.kind === 'challenge') && rule.badgeId !== undefined
      ? [rule.badgeId]
      : [],
  );
  const order = conditions.flatMap(({ path, when: { fromIso, toIso } }) => {
    if (fromIso === undefined || toIso === undefined) return [];
    const [fromMs, toMs] = [parseInstantIso(fromIso), parseInstantIso(toIso)];
    const isRight = fromMs === null || toMs === null || fromMs < toMs;
    return isRight ? [] : [{ path: `${path}.toIso`, message: 'write an instant after fromIso' }];
  });
  const { levels } = file.tiers;
  const tiers = [
    ...uses('tierIds'),
    ...file.gates.flatMap((gate, index) => namesIn(`$.gates[${index}].tierIds`, gate.tierIds)),
    ...namesOf('$.tiers.levels', levels, 'downgradesTo', (level) => level.downgradesTo),
  ];
  const memberships = file.memberships.map((one) => one.membershipId);
  return [
    ...order,
    ...unknown(tiers, new Set(levels.map((one) => one.tierId)), 'tier'),
    ...unknown(uses('membershipIds'), new Set(memberships), 'membership'),
    ...unknown(uses('badgeIds'), new Set(badges), 'badge'),
  ];
}

function accountFaults(file: ProgrammeFile): ProgrammeFault[] {
  const known = new Set(['points', ...file.accounts.map((one) => one.accountId)]);
  const charities = file.charities.map((one) => one.charityId);
  const partners = file.partners.map((one) => one.partnerId);
  const { rules } = file.earning;
  const { list } = file.rewards;
  const rulesPath = '$.earning.rules';
  const listPath = '$.rewards.list';
  const accounts = [
    ...namesOf(rulesPath, rules, 'account', (rule) => rule.account),
    ...namesOf(listPath, list, 'cost.account', (reward) => reward.cost?.account),
    ...namesOf('$.topUps', file.topUps, 'account', (topUp) => topUp.account),
    ...namesOf('$.partners', file.partners, 'account', (partner) => partner.account),
  ];
  const conversions = namesOf(listPath, list, 'to', (reward) =>
    reward.kind === 'convert' ? reward.to : undefined,
  );
  const shares = namesOf(rulesPath, rules, 'to', (rule) =>
    rule.kind === 'share' ? rule.to : undefined,
  );
  const measure = [{ path: '$.tiers.measure', value: file.tiers.measure }];
  return [
    ...unknown(accounts, known, 'account'),
    ...unknown(measure, new Set(['spend', ...known]), 'account'),
    ...unknown(conversions, new Set([...known, ...charities]), 'account or charity'),
    ...unknown(shares, new Set([...charities, ...partners]), 'charity or partner'),
  ];
}

function idFaults(file: ProgrammeFile): ProgrammeFault[] {
  const { list } = file.rewards;
  const rules = file.earning.rules.flatMap((rule, index) => {
    const path = `$.earning.rules[${index}]`;
    const rows = rule.kind === 'table' ? rule.rows : [];
    return [
      { path: `${path}.ruleId`, value: rule.ruleId },
      ...namesOf(`${path}.rows`, rows, 'ruleId', (row) => row.ruleId),
    ];
  });
  const multiplied = file.earning.rules.flatMap((rule, index) =>
    rule.kind === 'multiplier' ? namesIn(`$.earning.rules[${index}].of`, rule.of) : [],
  );
  // Charities and partners share one list of names: a share says to whom it goes.
  const others = [
    ...namesOf('$.charities', file.charities, 'charityId', (one) => one.charityId),
    ...namesOf('$.partners', file.partners, 'partnerId', (one) => one.partnerId),
  ];
  const lists = [
    [...rules, ...namesOf('$.rewards.list', list, 'rewardId', (one) => one.rewardId)],
    namesOf('$.accounts', file.accounts, 'accountId', (one) => one.accountId),
    namesOf('$.tiers.levels', file.tiers.levels, 'tierId', (one) => one.tierId),
    namesOf('$.segments', file.segments, 'segmentId', (one) => one.segmentId),
    namesOf('$.memberships', file.memberships, 'membershipId', (one) => one.membershipId),
    namesOf('$.memberships', file.memberships, 'sku', (one) => one.sku),
    namesOf('$.gates', file.gates, 'gateId', (one) => one.gateId),
    namesOf('$.contracts', file.contracts, 'contractId', (one) => one.contractId),
    namesOf('$.windows', file.windows, 'windowId', (one) => one.windowId),
    namesOf('$.gifts.reasons', file.gifts.reasons, 'reasonId', (one) => one.reasonId),
    file.topUps.flatMap(({ skus }, index) => namesIn(`$.topUps[${index}].skus`, skus)),
    others,
  ];
  return [
    ...lists.flatMap(repeatedFaults),
    ...unknown(multiplied, new Set(rules.map(({ value }) => value)), 'rule'),
  ];
}

/** A code reward without its code would never come. */
function codeFaults(file: ProgrammeFile): ProgrammeFault[] {
  return file.rewards.list.flatMap(({ trigger, when }, index) => {
    const message = 'write the code that triggers it';
    return trigger === 'code' && when.code === undefined
      ? [{ path: `$.rewards.list[${index}].when.code`, message }]
      : [];
  });
}

export function referenceFaults(file: ProgrammeFile): ProgrammeFault[] {
  return [...idFaults(file), ...codeFaults(file), ...conditionFaults(file), ...accountFaults(file)];
}
