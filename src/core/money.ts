interface MoneyFormat {
  readonly format: Intl.NumberFormat;
  /** How many minor units make a major one. */
  readonly scale: number;
}

const formats = new Map<string, MoneyFormat>();

/**
 * An amount in minor units as people write it, with as many digits as the minor units have: `$49.00`, `₩1,200`.
 * A currency that is not three letters long is written behind the minor units as they are.
 */
export function formatMoney(minorUnits: number, currency: string, locale = "en-US"): string {
  if (!/^[a-z]{3}$/i.test(currency)) return `${minorUnits} ${currency}`.trim();
  const { format, scale } = formatOf(currency.toUpperCase(), locale);
  return format.format(minorUnits / scale);
}

/** Kept, because making one takes far longer than using it. */
function formatOf(currency: string, locale: string): MoneyFormat {
  const key = `${locale} ${currency}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const digits = digitsOf(currency);
  const format = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const made = { format, scale: 10 ** digits };
  formats.set(key, made);
  return made;
}

/** Without minor units at Polar, in server/polar/kit/currency.py of https://github.com/polarsource/polar. */
const WITHOUT_MINOR_UNITS = new Set(
  "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF".split(" "),
);

/** With three digits by ISO 4217. */
const IN_THOUSANDTHS = new Set("BHD IQD JOD KWD LYD OMR TND".split(" "));

/** Not Intl's own digits: those say what people use today, so that 100 filler would show as 100 forint. */
function digitsOf(currency: string): number {
  if (WITHOUT_MINOR_UNITS.has(currency)) return 0;
  return IN_THOUSANDTHS.has(currency) ? 3 : 2;
}
