// Owns what the schema of a programme file cannot say: values that must fit each other.
import { isTimeZone } from '#loyalty/calendar.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import type { ProgrammeFile } from '#loyalty/programmeFile.ts';
import type { ConditionFile } from '#loyalty/rules/condition.ts';
import type { EarningRuleFile, TableRowFile } from '#loyalty/rules/earning.ts';

/** Something wrong with a programme file: where, and what to write instead. */
export interface ProgrammeFault {
  /** JSON path: `$.earning.rules[2].points`. */
  readonly path: string;
  readonly message: string;
}

interface Named {
  readonly path: string;
  readonly value: string;
}

/** Faults for values that stand more than once. */
function repeated(values: readonly Named[]): ProgrammeFault[] {
  const firstPath = new Map<string, string>();
  const faults: ProgrammeFault[] = [];
  for (const { path, value } of values) {
    const first = firstPath.get(value);
    if (first === undefined) firstPath.set(value, path);
    else faults.push({ path, message: `write another value; ${first} has "${value}" already` });
  }
  return faults;
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

function dateFaults(file: ProgrammeFile): ProgrammeFault[] {
  const fromMs = parseInstantIso(file.effectiveFromIso);
  const toMs = file.effectiveToIso === null ? null : parseInstantIso(file.effectiveToIso);
  const faults: ProgrammeFault[] = [];
  if (fromMs !== null && toMs !== null && toMs <= fromMs) {
    const message = 'write an instant after effectiveFromIso, or null for no end';
    faults.push({ path: '$.effectiveToIso', message });
  }
  if (!isTimeZone(file.timeZone)) {
    faults.push({
      path: '$.timeZone',
      message: 'write an IANA time zone such as "Europe/Istanbul"',
    });
  }
  return faults;
}

function cardFaults({ memberPrefix, luhn }: ProgrammeFile['cards']): ProgrammeFault[] {
  if (luhn === null) return [];
  const faults: ProgrammeFault[] = [];
  if (luhn.length < luhn.prefix.length + 2) {
    const message = `write more than ${luhn.prefix.length + 1}: prefix, a number and a check digit`;
    faults.push({ path: '$.cards.luhn.length', message });
  }
  const isSameStart =
    memberPrefix !== null &&
    (luhn.prefix.startsWith(memberPrefix) || memberPrefix.startsWith(luhn.prefix));
  if (isSameStart) {
    const message = `write a prefix that differs from memberPrefix "${memberPrefix}"`;
    faults.push({ path: '$.cards.luhn.prefix', message });
  }
  return faults;
}

/** Every name must be written in each language of the programme, and in no other. */
function languageFaults(
  value: unknown,
  path: string,
  languages: readonly string[],
): ProgrammeFault[] {
  if (Array.isArray(value)) {
    return value.flatMap((inner, index) => languageFaults(inner, `${path}[${index}]`, languages));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = `${path}.${key}`;
    const isName = key === 'name' || ((key === 'one' || key === 'other') && path !== '$');
    const isLine = /\.(header|footer)$/.test(path.replace(/\[\d+\]$/, ''));
    if (isName && typeof inner === 'object' && inner !== null)
      return nameFaults(inner, at, languages);
    if (isLine) return [];
    return languageFaults(inner, at, languages);
  });
}

function nameFaults(name: object, path: string, languages: readonly string[]): ProgrammeFault[] {
  const written = Object.keys(name);
  return [
    ...languages
      .filter((language) => !written.includes(language))
      .map((language) => ({
        path: `${path}.${language}`,
        message: `is missing: write the text in "${language}"`,
      })),
    ...written
      .filter((language) => !languages.includes(language))
      .map((language) => ({
        path: `${path}.${language}`,
        message: `remove it, or add "${language}" to languages`,
      })),
  ];
}

function rowFaults(row: TableRowFile, path: string): ProgrammeFault[] {
  const faults: ProgrammeFault[] = [];
  const isMoney = row.points !== undefined || row.perMinor !== undefined;
  const ways = [isMoney, row.pointsPerUnit !== undefined, row.isExcluded === true].filter(Boolean);
  if (ways.length !== 1) {
    const message = 'write one of: points with perMinor, pointsPerUnit, "isExcluded": true';
    faults.push({ path, message });
  }
  for (const key of ['points', 'perMinor'] as const) {
    if (isMoney && row[key] === undefined) {
      faults.push({
        path: `${path}.${key}`,
        message: 'write it: a rate is points per minor units',
      });
    }
  }
  return faults;
}

/** No two rows may claim one sku, type, tag, or the rest. */
function tableFaults(rows: readonly TableRowFile[], path: string): ProgrammeFault[] {
  const claims = rows.flatMap((row, index) => {
    const at = `${path}.rows[${index}]`;
    const of = (kind: 'skus' | 'productTypes' | 'tags') =>
      (row[kind] ?? []).map((value, place) => ({
        path: `${at}.${kind}[${place}]`,
        value: `${kind} ${value}`,
      }));
    const own = [...of('skus'), ...of('productTypes'), ...of('tags')];
    return own.length > 0 ? own : [{ path: at, value: 'all other lines' }];
  });
  return [
    ...rows.flatMap((row, index) => rowFaults(row, `${path}.rows[${index}]`)),
    ...repeated(claims),
  ];
}

function ruleFaults(rule: EarningRuleFile, path: string): ProgrammeFault[] {
  switch (rule.kind) {
    case 'table':
      return tableFaults(rule.rows, path);
    case 'bands':
      return bandFaults(rule.bands, path);
    case 'fixed':
      return rule.nudgeWithinMinor === undefined || rule.when.basketAtLeastMinor !== undefined
        ? []
        : [
            {
              path: `${path}.nudgeWithinMinor`,
              message: 'remove it, or write when.basketAtLeastMinor: the amount to come near to',
            },
          ];
    case 'multiplier':
      return /^(0|1)(\.0*)?$|^0\./.test(rule.factor)
        ? [{ path: `${path}.factor`, message: 'write a factor above 1, such as "2"' }]
        : [];
    default:
      return [];
  }
}

function bandFaults(
  bands: readonly { readonly upToMinor: number | null }[],
  path: string,
): ProgrammeFault[] {
  const faults: ProgrammeFault[] = [];
  let from = 0;
  bands.forEach(({ upToMinor }, index) => {
    const at = `${path}.bands[${index}].upToMinor`;
    const isLast = index === bands.length - 1;
    if (upToMinor === null) {
      if (!isLast) faults.push({ path: at, message: 'write null on the last band only' });
      return;
    }
    if (upToMinor <= from) {
      const message = `write more than ${from}: bands go upwards and must not overlap`;
      faults.push({ path: at, message });
    }
    from = Math.max(from, upToMinor);
  });
  return faults;
}

function tierFaults(file: ProgrammeFile): ProgrammeFault[] {
  const { levels, measure } = file.tiers;
  const place = new Map(levels.map((level, index) => [level.tierId, index]));
  const faults: ProgrammeFault[] = [];
  levels.forEach((level, index) => {
    const path = `$.tiers.levels[${index}]`;
    const below = levels[index - 1];
    if (below === undefined && level.from !== 0) {
      faults.push({ path: `${path}.from`, message: 'write 0: the first tier begins at 0' });
    }
    if (below !== undefined && level.from <= below.from) {
      const message = `write more than ${below.from}, where the tier below begins`;
      faults.push({ path: `${path}.from`, message });
    }
    const target = level.downgradesTo;
    if (target !== undefined && (place.get(target) ?? -1) >= index) {
      const message = `write a tier below "${level.tierId}": tiers must not go round in a cycle`;
      faults.push({ path: `${path}.downgradesTo`, message });
    }
  });
  const measures = new Set(['spend', 'points', ...file.accounts.map((one) => one.accountId)]);
  return [
    ...faults,
    ...repeated(
      levels.map(({ tierId }, index) => ({
        path: `$.tiers.levels[${index}].tierId`,
        value: tierId,
      })),
    ),
    ...unknown([{ path: '$.tiers.measure', value: measure }], measures, 'account'),
  ];
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
  const uses = (key: 'tierIds' | 'membershipIds' | 'badgeIds' | 'segmentIds') =>
    conditions.flatMap(({ path, when }) =>
      (when[key] ?? []).map((value, index) => ({ path: `${path}.${key}[${index}]`, value })),
    );
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
  return [
    ...order,
    ...unknown(uses('tierIds'), new Set(file.tiers.levels.map((one) => one.tierId)), 'tier'),
    ...unknown(
      uses('membershipIds'),
      new Set(file.memberships.map((one) => one.membershipId)),
      'membership',
    ),
    ...unknown(uses('badgeIds'), new Set(badges), 'badge'),
  ];
}

function accountFaults(file: ProgrammeFile): ProgrammeFault[] {
  const known = new Set(['points', ...file.accounts.map((one) => one.accountId)]);
  const targets = new Set([...known, ...file.charities.map((one) => one.charityId)]);
  const others = new Set([
    ...file.charities.map((one) => one.charityId),
    ...file.partners.map((one) => one.partnerId),
  ]);
  const { rules } = file.earning;
  const rewards = file.rewards.list;
  return [
    ...unknown(
      rules.map((rule, index) => ({
        path: `$.earning.rules[${index}].account`,
        value: rule.account,
      })),
      known,
      'account',
    ),
    ...unknown(
      rewards.flatMap(({ cost }, index) =>
        cost === undefined
          ? []
          : [{ path: `$.rewards.list[${index}].cost.account`, value: cost.account }],
      ),
      known,
      'account',
    ),
    ...unknown(
      rewards.flatMap((reward, index) =>
        reward.kind === 'convert'
          ? [{ path: `$.rewards.list[${index}].to`, value: reward.to }]
          : [],
      ),
      targets,
      'account or charity',
    ),
    ...unknown(
      rules.flatMap((rule, index) =>
        rule.kind === 'share' ? [{ path: `$.earning.rules[${index}].to`, value: rule.to }] : [],
      ),
      others,
      'charity or partner',
    ),
    ...unknown(
      file.topUps.map((topUp, index) => ({
        path: `$.topUps[${index}].account`,
        value: topUp.account,
      })),
      known,
      'account',
    ),
    ...unknown(
      file.partners.map((one, index) => ({
        path: `$.partners[${index}].account`,
        value: one.account,
      })),
      known,
      'account',
    ),
  ];
}

function idFaults(file: ProgrammeFile): ProgrammeFault[] {
  const rules = file.earning.rules.flatMap((rule, index) => {
    const path = `$.earning.rules[${index}]`;
    const rows = rule.kind === 'table' ? rule.rows : [];
    return [
      { path: `${path}.ruleId`, value: rule.ruleId },
      ...rows.map((row, place) => ({ path: `${path}.rows[${place}].ruleId`, value: row.ruleId })),
    ];
  });
  const rewards = file.rewards.list.map(({ rewardId }, index) => ({
    path: `$.rewards.list[${index}].rewardId`,
    value: rewardId,
  }));
  const { rules: list } = file.earning;
  const named = list.flatMap((rule, index) =>
    rule.kind === 'multiplier'
      ? (rule.of ?? []).map((value, place) => ({
          path: `$.earning.rules[${index}].of[${place}]`,
          value,
        }))
      : [],
  );
  return [
    ...repeated([...rules, ...rewards]),
    ...repeated(
      file.accounts.map((one, index) => ({
        path: `$.accounts[${index}].accountId`,
        value: one.accountId,
      })),
    ),
    ...unknown(named, new Set(rules.map(({ value }) => value)), 'rule'),
    ...file.rewards.list.flatMap((reward, index) =>
      reward.trigger === 'code' && reward.when.code === undefined
        ? [
            {
              path: `$.rewards.list[${index}].when.code`,
              message: 'write the code that triggers it',
            },
          ]
        : [],
    ),
  ];
}

/** All of them, in the order of the file as far as that helps. */
export function programmeFaults(file: ProgrammeFile): ProgrammeFault[] {
  return [
    ...dateFaults(file),
    ...cardFaults(file.cards),
    ...languageFaults(file, '$', file.languages),
    ...file.earning.rules.flatMap((rule, index) => ruleFaults(rule, `$.earning.rules[${index}]`)),
    ...tierFaults(file),
    ...idFaults(file),
    ...conditionFaults(file),
    ...accountFaults(file),
  ];
}
