const DATE = /^(?<year>\d{4})(?<dash>-?)(?<month>\d\d)\k<dash>(?<day>\d\d)$/;
const TIME = /^(?<hour>\d\d)(?:(?<colon>:?)(?<minute>\d\d)(?:\k<colon>(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?)?(?<zone>Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?$/;

/**
 * A moment as Python's `datetime.isoformat()` writes it, of any form that its `fromisoformat()` reads: date alone, separators
 * left out, `Z`, fractions of a second (cut to microseconds). Week dates are not read.
 *
 * @returns `undefined` for what is no such text, or no day of the calendar.
 */
export function isoDatetime(text: string): string | undefined {
  const cut = text.search(/[^\d-]/);
  const date = DATE.exec(cut < 0 ? text : text.slice(0, cut));
  const time = TIME.exec(cut < 0 ? '00' : text.slice(cut + 1));
  if (!date || !time) return undefined;
  const { year = '', month = '', day = '' } = date.groups ?? {};
  const { hour = '', minute = '00', second = '00', fraction = '', zone } = time.groups ?? {};
  if (!isDay(Number(year), Number(month), Number(day)) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const offset = zone === undefined ? '' : offsetOf(zone);
  if (offset === undefined) return undefined;
  const micros = fraction.slice(0, 6).padEnd(6, '0');
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${micros === '000000' ? '' : `.${micros}`}${offset}`;
}

function isDay(year: number, month: number, day: number): boolean {
  if (year === 0 || month < 1 || month > 12 || day < 1) return false;
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  return moment.getUTCMonth() === month - 1;
}

function offsetOf(zone: string): string | undefined {
  if (zone === 'Z') return '+00:00';
  const [hours = '', minutes = '00', seconds = '00'] = zone.slice(1).match(/\d\d/g) ?? [];
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const none = `${hours}${minutes}${seconds}` === '000000';
  return `${none ? '+' : (zone[0] as string)}${hours}:${minutes}${seconds === '00' ? '' : `:${seconds}`}`;
}
