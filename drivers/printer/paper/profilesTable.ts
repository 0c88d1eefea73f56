// Owns the table of printers: facts only, chosen and corrected by hand.
import type { PageName } from '#drivers/printer/paper/pages.ts';
import type { PrinterProfile } from '#drivers/printer/paper/profiles.ts';

type Pages = Readonly<Partial<Record<PageName, number>>>;

/** Numbers that nearly every printer has under the same page. */
const common = { windows1252: 16, cp858: 19, cp437: 0, cp850: 2, cp852: 18, cp866: 17 } as const;
/** Epson from the TM-T88V on, and those who follow it: Seiko, EPOS. */
const epson: Pages = {
  ...common,
  windows1254: 48,
  cp857: 13,
  windows1250: 45,
  windows1251: 46,
};
/** POS-5890 and its many sellers. */
const zijiang: Pages = {
  windows1254: 91,
  cp857: 61,
  windows1252: 71,
  cp858: 53,
  cp437: 52,
  cp850: 2,
  cp852: 54,
  cp866: 59,
  windows1250: 72,
  windows1251: 73,
};
const rongta: Pages = {
  ...common,
  windows1254: 32,
  cp857: 29,
  cp866: 7,
  iso8859_9: 43,
  windows1250: 30,
  windows1251: 6,
};
const star: Pages = {
  cp857: 12,
  windows1252: 32,
  cp858: 4,
  cp437: 3,
  cp852: 5,
  cp866: 10,
  windows1250: 33,
  windows1251: 34,
};
const wincor: Pages = {
  windows1254: 16,
  cp857: 12,
  windows1252: 8,
  cp858: 6,
  cp437: 0,
  cp850: 1,
  cp852: 2,
  cp866: 7,
  windows1250: 17,
};
const kefar: Pages = {
  cp857: 39,
  windows1252: 49,
  cp858: 31,
  cp437: 30,
  cp850: 2,
  cp852: 68,
  cp866: 37,
  windows1250: 50,
  windows1251: 51,
};
const yuhengda: Pages = {
  cp857: 24,
  windows1252: 11,
  cp858: 14,
  cp437: 0,
  cp850: 2,
  cp852: 13,
  cp866: 12,
  windows1251: 18,
};
/** What clones without a table of their own print right most often. */
const generic: Pages = { ...common, cp857: 13 };

/** Turkish first, for the shops that this is for; then Western, Central European, Cyrillic. */
const order: readonly PageName[] = [
  'windows1254',
  'cp857',
  'windows1252',
  'cp858',
  'cp437',
  'cp852',
  'windows1250',
  'cp866',
  'windows1251',
];

type Facts = Pick<PrinterProfile, 'profileId' | 'name' | 'columns' | 'widthDots' | 'pages'> &
  Partial<PrinterProfile>;

/** A printer with a cutter, symbols and dots of its own, which answers as most do. */
function printer(facts: Facts): PrinterProfile {
  return {
    candidates: order.filter((page) => facts.pages[page] !== undefined),
    hasCutter: true,
    hasQr: true,
    hasCode128: true,
    graphics: 'raster-and-column',
    ackLevel: 'gsR',
    ...facts,
  };
}

const wide = { columns: 48, widthDots: 576 } as const;
const narrow = { columns: 32, widthDots: 384 } as const;
/** 180 dots an inch. */
const coarse = { columns: 42, widthDots: 512 } as const;
const answersIds = { ackLevel: 'processId' } as const;

/**
 * From escpos-printer-db (CC BY 4.0, see NOTICE). Where it is wrong or silent, the makers' manuals
 * decide: the 80-V-UL has 48 columns, not 12; printers said to have 640 dots print on 576 of them;
 * page 6 of the ITPP047 and pages 6 and 18 of the TM-T88III are doubtful and left out; Xprinter,
 * TM-T88VI and TM-m30II are not in it.
 */
export const profileFacts: readonly PrinterProfile[] = [
  printer({
    profileId: 'epson-80',
    name: 'Epson TM-T20II/III, TM-m30III and alike, 80 mm',
    ...wide,
    pages: epson,
    ...answersIds,
  }),
  printer({
    profileId: 'epson-58',
    name: 'Epson and alike, 58 mm',
    ...narrow,
    pages: epson,
    ...answersIds,
  }),
  printer({
    profileId: 'epson-80-42',
    name: 'Epson TM-T20II, TM-P80 in 42 column mode',
    columns: 42,
    widthDots: 546,
    pages: epson,
    ...answersIds,
  }),
  printer({
    profileId: 'epson-t88',
    name: 'Epson TM-T88V, TM-T88VI, TM-T70II',
    ...coarse,
    pages: epson,
    ...answersIds,
  }),
  printer({
    profileId: 'epson-t88iv',
    name: 'Epson TM-T88IV, TM-T70',
    ...coarse,
    pages: common,
    ...answersIds,
  }),
  printer({
    profileId: 'epson-t88iii',
    name: 'Epson TM-T88III',
    ...coarse,
    pages: { windows1252: 16, cp858: 19, cp437: 0, cp850: 2, cp866: 17 },
  }),
  printer({
    profileId: 'epson-t88ii',
    name: 'Epson TM-T88II',
    ...coarse,
    pages: {
      windows1254: 48,
      cp857: 13,
      windows1252: 16,
      cp437: 0,
      cp850: 2,
      cp852: 18,
      cp866: 17,
    },
  }),
  printer({
    profileId: 'epson-p80',
    name: 'Epson TM-P80',
    columns: 42,
    widthDots: 576,
    pages: epson,
    ...answersIds,
  }),
  printer({
    profileId: 'epson-58-34',
    name: 'Epson TM-T70II, 58 mm',
    columns: 34,
    widthDots: 416,
    pages: epson,
    ...answersIds,
  }),
  printer({
    profileId: 'epson-u220',
    name: 'Epson TM-U220 (needles)',
    columns: 33,
    widthDots: 400,
    pages: { cp437: 0 },
    hasQr: false,
    hasCode128: false,
    graphics: 'none',
  }),
  printer({
    profileId: 'bixolon-80',
    name: 'Bixolon SRP-350, SRP-S300, 80 mm',
    ...wide,
    pages: common,
  }),
  printer({
    profileId: 'citizen-80',
    name: 'Citizen CT-S310, CT-S651, 80 mm',
    ...wide,
    pages: { ...common, cp857: 8 },
  }),
  printer({
    profileId: 'epos-80',
    name: 'EPOS TEP-200M',
    columns: 42,
    widthDots: 576,
    pages: epson,
  }),
  printer({ profileId: 'kefar-80', name: 'Kefar KR-306', ...wide, pages: kefar }),
  printer({
    profileId: 'metapace-80',
    name: 'Metapace T-1',
    columns: 42,
    widthDots: 504,
    pages: { cp858: 19, cp437: 0, cp850: 2 },
  }),
  printer({
    profileId: 'munbyn-80',
    name: 'Munbyn ITPP047',
    ...coarse,
    pages: { cp858: 19, cp437: 0, cp850: 2, cp852: 18, cp866: 17 },
  }),
  printer({ profileId: 'netum-80', name: 'Netum NT-80-V', ...wide, pages: zijiang }),
  printer({
    profileId: 'netum-58',
    name: 'Netum NT-5890K',
    ...narrow,
    pages: zijiang,
    hasCutter: false,
    hasQr: false,
    hasCode128: false,
  }),
  printer({
    profileId: 'pbm-80',
    name: 'PBM P822D',
    columns: 42,
    widthDots: 576,
    pages: { cp857: 61, windows1252: 71, cp858: 53, cp437: 52, cp850: 2, cp852: 54, cp866: 59 },
  }),
  printer({ profileId: 'rongta-80', name: 'Rongta RP326, RP332, 80 mm', ...wide, pages: rongta }),
  printer({
    profileId: 'seiko-58',
    name: 'Seiko RP-F10, 58 mm',
    columns: 36,
    widthDots: 432,
    pages: epson,
  }),
  printer({ profileId: 'seiko-80', name: 'Seiko RP-F10, 80 mm', ...wide, pages: epson }),
  printer({
    profileId: 'star-80',
    name: 'Star TSP600, TUP500, mC-Print, SP2000 with ESC/POS emulation',
    columns: 42,
    widthDots: 576,
    pages: star,
  }),
  printer({
    profileId: 'star-112',
    name: 'Star TSP800 with ESC/POS emulation',
    columns: 42,
    widthDots: 832,
    pages: star,
  }),
  printer({
    profileId: 'sunmi-58',
    name: 'Sunmi V2',
    ...narrow,
    pages: generic,
    hasCutter: false,
    graphics: 'raster',
  }),
  printer({
    profileId: 'wincor-80',
    name: 'Wincor Nixdorf TH230+',
    columns: 44,
    widthDots: 576,
    pages: wincor,
    graphics: 'column',
  }),
  printer({
    profileId: 'wincor-80-plain',
    name: 'Wincor Nixdorf TH230',
    columns: 44,
    widthDots: 576,
    pages: wincor,
    hasQr: false,
    graphics: 'column',
  }),
  printer({ profileId: 'yuhengda-80', name: 'Yuhengda YHD-8390', ...wide, pages: yuhengda }),
  printer({
    profileId: 'zijiang-58',
    name: 'Zijiang POS-5890',
    ...narrow,
    pages: zijiang,
    hasCutter: false,
    hasQr: false,
    hasCode128: false,
    graphics: 'raster',
  }),
  printer({
    profileId: 'zijiang-58-old',
    name: 'Zijiang ZJ-5870',
    ...narrow,
    pages: { windows1252: 16, cp437: 0, cp850: 2, cp852: 18, cp866: 17 },
    hasCutter: false,
    hasQr: false,
    hasCode128: false,
  }),
  printer({
    profileId: 'generic-80',
    name: 'Xprinter and other ESC/POS printers, 80 mm',
    ...wide,
    pages: generic,
  }),
  printer({
    profileId: 'generic-58',
    name: 'Other ESC/POS printers, 58 mm',
    ...narrow,
    pages: generic,
    // These have a tear bar only, and many do not know `ESC *`.
    hasCutter: false,
    graphics: 'raster',
  }),
  printer({
    profileId: 'generic-80-mute',
    name: 'ESC/POS printers behind a box that answers nothing, 80 mm',
    ...wide,
    pages: generic,
    ackLevel: 'none',
  }),
];
