// Dates, counts and names as people read them, in the language of the browser.
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });
const shortDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const monthAndYear = new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric", timeZone: "UTC" });
const monthAlone = new Intl.DateTimeFormat(undefined, { month: "long", timeZone: "UTC" });
const today = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const number = new Intl.NumberFormat();

const HOUR_MS = 3_600_000;

export const longDate = (text: string) => day.format(new Date(text));
export const currentDate = () => today.format(new Date());
export const monthName = (month: string) => monthAlone.format(new Date(`${month}-01T00:00:00Z`));
export const monthTitle = (month: string) => monthAndYear.format(new Date(`${month}-01T00:00:00Z`));

/** "3 hours ago" for what is younger than a day, else the date. */
export function age(text: string): string {
  const hours = (new Date(text).getTime() - Date.now()) / HOUR_MS;
  if (hours <= 0 && hours > -1) return relative.format(Math.ceil(hours * 60), "minute");
  if (hours <= 0 && hours > -24) return relative.format(Math.ceil(hours), "hour");
  return shortDay.format(new Date(text));
}

/** "1 story", "1,204 stories". */
export const counted = (count: number, one = "story", many = "stories") =>
  `${number.format(count)} ${count === 1 ? one : many}`;

/** `human-interest` as a heading: "Human interest". */
export function heading(value: string): string {
  const words = value.replace(/[-_]+/g, " ");
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

const ENTITY = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]\w{1,30});/gi;
const decoder = document.createElement("textarea");

/** Text with the characters that HTML's entities in it stand for: some generators write `&#8217;` into excerpts. */
export const decoded = (text: string) =>
  text.replace(ENTITY, (entity) => {
    decoder.innerHTML = entity;
    return decoder.value;
  });
