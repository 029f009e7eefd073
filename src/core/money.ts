interface MoneyFormat {
  readonly format: Intl.NumberFormat;
  /** How many minor units make a major one. */
  readonly scale: number;
}

const formats = new Map<string, MoneyFormat>();

/**
 * An amount in minor units as people write it, with the currency's own number of digits: `$49.00`, `₩1,200`.
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
  const format = new Intl.NumberFormat(locale, { style: "currency", currency });
  const made = { format, scale: 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0) };
  formats.set(key, made);
  return made;
}
