// Owns receipts for the printer's tests: in four languages, with every kind of block.
import type { Block, ReceiptDocument } from '#drivers/printer/paper/document.ts';

export type Language = 'tr' | 'de' | 'en' | 'ar';

interface Words {
  readonly shop: string;
  readonly items: readonly (readonly [string, string, string])[];
  readonly total: string;
  readonly totalAmount: string;
  readonly points: string;
  readonly thanks: string;
}

const words: Readonly<Record<Language, Words>> = {
  tr: {
    shop: 'Ada Market — Kadıköy',
    items: [
      ['Tam buğday ekmeği 500 g', '42,50', '+4p'],
      ['Zeytinyağı sızma soğuk sıkım erken hasat 750 ml cam şişe', '1.449,00', '+144p'],
      ['Çay Rize 1000 g ŞĞÜÖÇİı', '289,00', '+28p'],
    ],
    total: 'TOPLAM (≈ 41,80 €)',
    totalAmount: '1.780,50 ₺',
    points: 'Kazanılan puan: 176',
    thanks: 'Teşekkürler, iyi günler…',
  },
  de: {
    shop: 'Bäckerei Grün & Söhne',
    items: [
      ['Weißbrot, groß', '3,80 €', '+3P'],
      ['Käsekuchen „Schöne Aussicht“ mit Äpfeln und Öl', '14,20 €', '+14P'],
      ['Straßenfußball-Sammelkarten', '2,00 €', '+2P'],
    ],
    total: 'SUMME',
    totalAmount: '20,00 €',
    points: 'Gesammelte Punkte: 19',
    thanks: 'Vielen Dank für Ihren Einkauf!',
  },
  en: {
    shop: 'Harbour Stores',
    items: [
      ['Café latte, large', '€3.40', '+3p'],
      ['Sourdough loaf ½ kg – “baker’s choice” with seeds on top', '€5.25', '+5p'],
      ['Piñata 🎉', '€12.00', '+12p'],
    ],
    total: 'TOTAL',
    totalAmount: '€20.65',
    points: 'Points earned: 20',
    thanks: 'Thank you!',
  },
  ar: {
    shop: 'متجر الميناء',
    items: [
      ['خبز قمح كامل 500 غ', '6.50 ر.س', '+6'],
      ['زيت زيتون بكر ممتاز عصرة باردة (Extra Virgin) 750 مل', '48.00 ر.س', '+48'],
      ['绿茶 龙井 Long Jing 100 g', '32.75 ر.س', '+32'],
    ],
    total: 'المجموع',
    totalAmount: '87.25 ر.س',
    points: 'النقاط المكتسبة: 86',
    thanks: 'شكرا لزيارتكم، إلى اللقاء!',
  },
};

export const receiptNumber = '00100700000183';
export const receiptToken = 'https://p.example/r/Zk3vQ9xB7mT1';

export function sampleReceipt(language: Language): ReceiptDocument {
  const said = words[language];
  const text = (content: string, align: 'left' | 'center', bold = false, scale: 1 | 2 = 1) =>
    ({ type: 'text', text: content, align, bold, scale }) as const;
  const blocks: Block[] = [
    text(said.shop, 'center', true, 2),
    { type: 'space' },
    ...said.items.map(
      ([name, price, points]): Block => ({
        type: 'table',
        bold: false,
        cells: [
          { text: name, width: 'flex', align: 'left' },
          { text: price, width: 10, align: 'right' },
          { text: points, width: 6, align: 'right' },
        ],
      }),
    ),
    { type: 'rule' },
    { type: 'columns', left: said.total, right: said.totalAmount, bold: true },
    text(said.points, 'left'),
    text('[██████░░░░] 1 250 / 2 000', 'left'),
    text(said.thanks, 'center'),
    { type: 'qr', data: receiptToken },
    { type: 'barcode', symbology: 'code128', data: receiptNumber },
  ];
  return { version: 1, language, blocks };
}
