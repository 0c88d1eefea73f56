// Owns the English words of teaching the till how its keyboard scanner types.
export const enTeaching = {
  'teach.title': 'Keyboard scanner',
  'teach.start': 'Teach by a test scan',
  'teach.again': 'Scan again',
  'teach.forget': 'Forget it',
  'teach.scanThis': 'Scan this code once, with nothing else pressed. Esc ends it.',
  'teach.code': 'Test code {code}',
  'teach.layout': 'Set to',
  'teach.layout.us': 'US keyboard',
  'teach.layout.uk': 'UK keyboard',
  'teach.layout.german': 'German keyboard',
  'teach.layout.french': 'French keyboard',
  'teach.layout.turkish-q': 'Turkish Q keyboard',
  'teach.layout.turkish-f': 'Turkish F keyboard',
  'teach.prefix': 'Begins with',
  'teach.nothing': 'Nothing',
  'teach.ending.any': 'Enter or Tab',
  'teach.ending.none': 'Nothing (silence)',
  'teach.ending.enter': 'Enter',
  'teach.ending.enter-twice': 'Enter twice',
  'teach.ending.tab': 'Tab',
  'teach.digits': 'Digits',
  'teach.digits.any': 'Any keys',
  'teach.digits.row': 'Top row',
  'teach.digits.number-pad': 'Number pad',
  'teach.problem.nothing-typed':
    'Nothing was typed. Is the scanner plugged in and set to type like a keyboard?',
  'teach.problem.code-not-found':
    'Another code was read, or the scanner is set to a keyboard that this till does not ' +
    'know. Set it to a US keyboard.',
  'teach.problem.scanned-twice': 'The code was read twice. Scan it once.',
  'teach.problem.layout-ambiguous':
    'Several keyboards fit. Which is the scanner set to? Its manual says it.',
  'teach.problem.letter-case-changed':
    'The scanner makes all letters small or all capital. Turn that off in its settings.',
  'teach.problem.caps-lock-on': 'Caps Lock is on. Turn it off and scan again.',
  'teach.problem.num-lock-off':
    'Num Lock is off, and the scanner types on the number pad. Turn it on and scan again.',
  'teach.problem.prefix-ambiguous':
    'What comes before the code is also what people type. Set no prefix, or one of control ' +
    'characters.',
  'teach.problem.suffix-unknown':
    'What comes after the code is not understood. Set Enter as the suffix.',
  'teach.problem.too-slow':
    'The scanner types no quicker than a person. Set its delay between keys to 0.',
} as const;
