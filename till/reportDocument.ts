// Owns what an X or Z report says on paper.
import type { Block, ReceiptDocument } from '#drivers/printer/paper/document.ts';
import type { DayReport } from '#till/contract.ts';
import type { Shop } from '#till/shop.ts';
import { percent } from '#till/templateBlocks.ts';
import { formatDateTime, formatMoney, formatPoints, isKey, say } from '#words/say.ts';

export interface ReportFacts {
  readonly shop: Shop;
  readonly timeZone: string;
  readonly report: DayReport;
  readonly atMs: number;
  readonly operatorName: string;
}

const RULE: Block = { type: 'rule' };

function row(left: string, right: string, bold = false): Block {
  return { type: 'columns', left, right, bold };
}

function heading(text: string, scale: 1 | 2): Block {
  return { type: 'text', text, align: 'center', bold: true, scale };
}

/** Amounts, tax by rate and tenders. */
function moneyBlocks(facts: ReportFacts): Block[] {
  const { report, shop } = facts;
  const { language, currency } = shop;
  const money = (minor: number) => formatMoney(language, currency, minor);
  // Stored value has the name of its account; what no catalogue knows is said as it is.
  const tenderName = (tenderType: string) => {
    const key = `receipt.tender.${tenderType}`;
    return isKey(key) ? say(language, key, {}) : tenderType;
  };
  return [
    row(say(language, 'report.saleCount', {}), String(report.saleCount)),
    row(say(language, 'report.memberSaleCount', {}), String(report.memberSaleCount)),
    row(say(language, 'report.voidCount', {}), String(report.voidCount)),
    RULE,
    row(say(language, 'report.gross', {}), money(report.grossMinor)),
    row(say(language, 'report.discount', {}), money(-report.discountMinor)),
    row(say(language, 'report.total', {}), money(report.totalMinor), true),
    ...report.taxes.map((tax) =>
      row(
        say(language, 'report.tax', { rate: percent(tax.taxRateBasisPoints) }),
        money(tax.taxMinor),
      ),
    ),
    RULE,
    ...report.tenders.map((tender) =>
      row(
        say(language, 'report.tender.count', {
          tender: tenderName(tender.tenderType),
          count: tender.count,
        }),
        money(tender.amountMinor),
      ),
    ),
  ];
}

function pointsBlocks(facts: ReportFacts): Block[] {
  const { report, shop } = facts;
  const { language, currency } = shop;
  const points = (value: number) => formatPoints(language, value);
  return [
    row(say(language, 'report.pointsIssued', {}), points(report.pointsIssued)),
    row(say(language, 'report.pointsRedeemed', {}), points(report.pointsRedeemed)),
    row(say(language, 'report.pointsReversed', {}), points(report.pointsReversed)),
    row(
      say(language, 'report.redeemedValue', {}),
      formatMoney(language, currency, report.redeemedValueMinor),
    ),
  ];
}

export function reportDocument(facts: ReportFacts): ReceiptDocument {
  const { report, shop } = facts;
  const { language, currency } = shop;
  const title =
    report.zNumber === null
      ? say(language, 'report.x', {})
      : say(language, 'report.z', { zNumber: report.zNumber });
  const range =
    report.firstSeq === null || report.lastSeq === null
      ? []
      : [
          row(
            say(language, 'report.range', { firstSeq: report.firstSeq, lastSeq: report.lastSeq }),
            '',
          ),
        ];
  return {
    version: 1,
    language,
    blocks: [
      heading(shop.storeName, 1),
      heading(title, 2),
      row(say(language, 'report.businessDay', {}), report.businessDay),
      row(
        say(language, 'report.printedAt', {}),
        formatDateTime(language, facts.atMs, facts.timeZone),
      ),
      row(say(language, 'receipt.till', { till: shop.tillNumber }), facts.operatorName),
      ...range,
      RULE,
      ...moneyBlocks(facts),
      RULE,
      ...pointsBlocks(facts),
      RULE,
      row(say(language, 'report.drawerOpened', {}), String(report.drawerOpenedCount)),
      row(say(language, 'report.waitingToSync', {}), String(report.waitingToSyncCount)),
      row(
        say(language, 'report.perpetualTotal', {}),
        formatMoney(language, currency, report.perpetualTotalMinor),
      ),
      heading(say(language, report.zNumber === null ? 'report.notReset' : 'report.closed', {}), 1),
    ],
  };
}
