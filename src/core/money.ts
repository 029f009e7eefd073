const formats = new Map<string, Intl.NumberFormat>();

/**
 * An amount in minor units as people write it, with the currency's own number of digits: `$49.00`, `₩1,200`.
 * A currency that is not three letters long is written behind the minor units as they are.
 */
export function formatMoney(minorUnits: number, currency: string, locale = "en-US"): string {
  if (!/^[a-z]{3}$/i.test(currency)) return `${minorUnits} ${currency}`.trim();
  const format = formatOf(currency.toUpperCase(), locale);
  const digits = format.resolvedOptions().maximumFractionDigits ?? 0;
  return format.format(minorUnits / 10 ** digits);
}

/** Kept, because making one takes far longer than using it. */
function formatOf(currency: string, locale: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(locale, { style: "currency", currency });
  formats.set(key, made);
  return made;
}
