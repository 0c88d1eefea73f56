// Owns the refusal of escpos's way of loading pictures; a receipt's logo is the document's.
'use strict';

module.exports = (...args) => {
  const callback = args.at(-1);
  callback(new Error('pictures are not loaded by escpos here: put the logo into the receipt'));
};
