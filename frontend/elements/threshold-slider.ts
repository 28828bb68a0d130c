// <km-threshold-slider src="…" low="50" high="100" step="1" share> around a form with a number field.
//
// Without script the form asks the server by its button. With it a slider stands above the field, and what
// the draft comes out as at the value (`.slid`, written by the server) is asked for while it is dragged:
// one question at a time, the newest value next, so that an answer shown is never older than one before it.
// Numbers are exact: a slider counts whole steps, and a value is decimals written out, never a binary float.
// The field holds a number as the page's language writes it. What cannot be read there is asked of the server
// as it stands, which says why; it cannot be taken into the draft meanwhile.

import { language } from "../page";

/** A decimal as an integer and the number of its decimal places: 72.5 is 725 and 1. */
interface Decimal {
    readonly units: bigint;
    readonly places: number;
}

const WAIT = 60;
const MOST_STEPS = 2000n;
const PLAIN = /^-?\d{1,15}(\.\d{1,6})?$/;

function decimal(text: string | null): Decimal | null {
    if (text === null || !PLAIN.test(text)) return null;
    const [whole = "", part = ""] = text.split(".");
    return { units: BigInt(whole + part), places: part.length };
}

function at(value: Decimal, places: number): bigint {
    return value.units * 10n ** BigInt(places - value.places);
}

/** `72.5`: as a field of a form holds a number. */
function plain(units: bigint, places: number): string {
    const sign = units < 0n ? "-" : "";
    const digits = (units < 0n ? -units : units).toString().padStart(places + 1, "0");
    const whole = digits.slice(0, digits.length - places);
    const part = digits.slice(digits.length - places).replace(/0+$/, "");
    return sign + (part === "" ? whole : `${whole}.${part}`);
}

/** `72,5`: as the field of a Vietnamese page holds 72.5; three decimals, which might be thousands, get a zero. */
function typed(text: string): string {
    const [whole = "", part = ""] = text.split(".");
    if (part === "") return whole;
    return `${whole}${language === "en" ? "." : ","}${part.length === 3 ? `${part}0` : part}`;
}

/** What somebody wrote as `72.5`; null for what is no number here, or may be two (“3,600”). */
function read(text: string): string | null {
    const tidy = text.trim().replace(/[−–]/g, "-");
    const mark = language === "en" ? "." : ",";
    const group = language === "en" ? "," : ".";
    if (new RegExp(`^-?[1-9]\\d{0,2}\\${mark}\\d{3}$`).test(tidy)) return null;
    const isGrouped = new RegExp(`^-?[1-9]\\d{0,2}(\\${group}\\d{3})+(\\${mark}\\d+)?$`).test(tidy);
    const found = (isGrouped ? tidy.replaceAll(group, "") : tidy).replace(",", ".");
    return PLAIN.test(found) ? found : null;
}

/** “72,5 %”, “3.600”: as a person of the page's language reads it. */
function spoken(text: string, isShare: boolean): string {
    const [whole = "", part = ""] = text.replace("-", "\u2212").split(".");
    const isEnglish = language === "en";
    const grouped = whole.replace(/(?<=\d)(?=(\d{3})+$)/g, isEnglish ? "," : ".");
    const number = part === "" ? grouped : `${grouped}${isEnglish ? "." : ","}${part}`;
    if (!isShare) return number;
    return isEnglish ? `${number}%` : `${number}\u00a0%`;
}

/** The grid of a slider: it goes through the value of the draft, so that this one can be come back to. */
class Grid {
    constructor(
        readonly low: bigint,
        readonly step: bigint,
        readonly count: number,
        readonly places: number,
    ) {}

    static of(low: Decimal, high: Decimal, step: Decimal, value: Decimal): Grid | null {
        const places = Math.max(low.places, high.places, step.places, value.places);
        const [from, to, by, now] = [at(low, places), at(high, places), at(step, places), at(value, places)];
        if (by <= 0n || to <= from) return null;
        const first = now < from ? now : from + ((now - from) % by);
        const last = now > to ? now : to;
        const steps = (last - first) / by;
        return steps > 0n && steps <= MOST_STEPS ? new Grid(first, by, Number(steps), places) : null;
    }

    text(index: number): string {
        return plain(this.low + BigInt(index) * this.step, this.places);
    }

    /** The step nearest to a value. */
    index(value: Decimal): number {
        const places = Math.max(value.places, this.places);
        const scale = 10n ** BigInt(places - this.places);
        const off = at(value, places) - this.low * scale + (this.step * scale) / 2n;
        const found = Number(off / (this.step * scale));
        return off < 0n ? 0 : Math.min(found, this.count);
    }
}

/** Where a number of a formula is moved to see what comes of it. */
class ThresholdSlider extends HTMLElement {
    #range: HTMLInputElement | null = null;
    #field: HTMLInputElement | null = null;
    #grid: Grid | null = null;
    #first = "";
    #wanted: string | null = null;
    #isAsking = false;
    #timer = 0;

    connectedCallback(): void {
        const field = this.querySelector<HTMLInputElement>("input[name=muc]:not([type=hidden])");
        const parts = [this.getAttribute("low"), this.getAttribute("high"), this.getAttribute("step")];
        const [low, high, step] = parts.map(decimal);
        const draft = decimal(this.getAttribute("value"));
        if (field === null || this.#range !== null || !low || !high || !step || !draft) return;
        const grid = Grid.of(low, high, step, draft);
        if (grid === null) return;
        [this.#field, this.#grid, this.#first] = [field, grid, plain(draft.units, draft.places)];
        this.#range = this.#slider(field, grid);
        field.addEventListener("input", () => this.#typed());
        field.form?.addEventListener("submit", (event) => {
            event.preventDefault();
            this.#typed();
        });
    }

    disconnectedCallback(): void {
        clearTimeout(this.#timer);
    }

    /** The slider itself, between the field's label and the field. */
    #slider(field: HTMLInputElement, grid: Grid): HTMLInputElement {
        const range = document.createElement("input");
        range.type = "range";
        [range.min, range.max, range.step] = ["0", String(grid.count), "1"];
        range.setAttribute("aria-label", field.labels?.[0]?.textContent?.trim() ?? "");
        const now = decimal(read(field.value));
        range.value = String(now === null ? 0 : grid.index(now));
        range.setAttribute("aria-valuetext", spoken(read(field.value) ?? "", this.hasAttribute("share")));
        range.addEventListener("input", () => this.#dragged(range, grid));
        const track = document.createElement("div");
        track.append(range);
        field.before(track);
        const button = field.form?.querySelector("button");
        if (button) button.hidden = true;
        return range;
    }

    #dragged(range: HTMLInputElement, grid: Grid): void {
        const text = grid.text(Number(range.value));
        if (this.#field) this.#field.value = typed(text);
        this.#moved(text);
    }

    #typed(): void {
        const text = this.#field?.value ?? "";
        const value = decimal(read(text));
        if (this.#range === null || this.#grid === null) return;
        if (value === null) {
            this.#unreadable(text);
            return;
        }
        this.#range.value = String(this.#grid.index(value));
        this.#moved(plain(value.units, value.places));
    }

    /** A new value: said, put into the form that takes it, and asked about. */
    #moved(text: string): void {
        this.#range?.setAttribute("aria-valuetext", spoken(text, this.hasAttribute("share")));
        this.#field?.removeAttribute("aria-invalid");
        this.#takes(typed(text), text !== this.#first);
        this.#asks(typed(text));
    }

    /** No number, or nothing at all: never taken, and the server says why. */
    #unreadable(text: string): void {
        this.#field?.setAttribute("aria-invalid", "true");
        this.#takes(text, false);
        if (text.trim() !== "") this.#asks(text);
    }

    #takes(text: string, may: boolean): void {
        const taken = this.querySelector<HTMLInputElement>("form[method=post] input[name=muc]");
        if (taken) taken.value = text;
        const button = this.querySelector<HTMLButtonElement>("form[method=post] button");
        if (button) button.disabled = !may;
    }

    #asks(text: string): void {
        this.#wanted = text;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => void this.#ask(), WAIT);
    }

    /** Ask for the newest value there is, and again as long as it moved meanwhile. */
    async #ask(): Promise<void> {
        if (this.#isAsking) return;
        this.#isAsking = true;
        const place = this.querySelector<HTMLElement>(".slid");
        place?.setAttribute("aria-busy", "true");
        try {
            while (this.#wanted !== null) {
                const value = this.#wanted;
                this.#wanted = null;
                const answer = await this.#answer(value);
                if (!place) continue;
                if (answer === null) this.#failed(place);
                else this.#show(place, answer);
            }
        } finally {
            this.#isAsking = false;
            place?.removeAttribute("aria-busy");
        }
    }

    /** What the server says of a value; null where it cannot be reached. */
    async #answer(value: string): Promise<string | null> {
        const address = new URL(this.getAttribute("src") ?? "", location.href);
        address.searchParams.set("muc", value);
        try {
            const response = await fetch(address, { headers: { Accept: "text/html" } });
            const isPage = response.redirected || !(response.ok || response.status === 400);
            return isPage ? null : await response.text();
        } catch {
            return null;
        }
    }

    /** The count stays, and is said not to be of the value in the field. */
    #failed(place: HTMLElement): void {
        place.querySelector(".slid-failed")?.remove();
        const words = document.createElement("p");
        words.className = "slid-failed field-error";
        words.textContent = this.getAttribute("failed");
        place.append(words);
    }

    #show(place: HTMLElement, answer: string): void {
        const isOpen = place.querySelector("details")?.open ?? false;
        place.innerHTML = answer;
        const details = place.querySelector("details");
        if (details) details.open = isOpen;
    }
}

customElements.define("km-threshold-slider", ThresholdSlider);
