// Owns the English words about the receipt's template: what is wrong in it, and what to write.

export const enTemplate = {
  'error.template-faulty':
    '{line, plural, =0 {The receipt lacks something that it needs.} ' +
    'other {Line {line} of the receipt has a mistake.}} It was not saved: look at the mistakes.',
  'error.logo-unreadable': 'That file is no picture that a printer can print. Choose another one.',

  'template.unknown-block': '[{name}] is unknown. Did you mean [{nearest}]?',
  'template.unknown-variable': '{name} is unknown. Did you mean {nearest}?',
  'template.brace': '{brace} stands alone. Write it twice where it is meant as it stands.',
  'template.block-twice': '[{name}] stands in the receipt already. Keep one of them.',
  'template.block-in-language':
    'A language may stand before text alone. Give [{name}] a line of its own.',
  'template.text-after-block': 'Write nothing behind [{name}]: text has a line of its own.',
  'template.line-long': 'Write at most {max, number} characters in a line.',
  'template.too-long':
    'Write at most {lines, number} lines and {characters, number} characters in all.',
  'template.control': 'This line has a character that cannot be printed, such as a tab. Remove it.',
  'template.missing-date': 'Add [sale] or {variable}: a receipt must say when the sale was.',
  'template.missing-items': 'Add [items]: a receipt must say what was sold.',
  'template.missing-totals': 'Add [totals]: a receipt must say what was to be paid.',
  'template.missing-taxes': 'Add [taxes]: a receipt must say which tax is in it.',
  'template.missing-number': 'Add [barcode] or {variable}: a sale is found again by its number.',
} as const;
