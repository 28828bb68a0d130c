// <km-languages> around the buttons that choose another language: what is typed on the page comes along with it.
//
// It waits in this tab until the next page has come, whichever that is: there it is put into the form that sends
// to the same address, or shown. The page may be another one than before: an address that only takes forms leads
// to the page that holds them. Forms that keep what is typed by themselves, and those with a password, are left out.

import { fill, language } from "../page";

type Fields = readonly (readonly [string, string])[];

/** One form with words that are not saved. */
interface Waiting {
    readonly address: string;
    readonly fields: Fields;
    readonly hidden: string;
    readonly hasFiles: boolean;
}

const PLACE = "kieumau.languages";
const APART = "km-keep[key], km-autosave, header, footer";
const WORDS = {
    vi: {
        restored: "Đã lấy lại những gì bạn gõ mà chưa lưu.",
        files: "Tệp đã chọn thì phải chọn lại.",
        lost: "Những gì bạn đã gõ mà chưa lưu:",
        drop: "Bỏ những gì đã gõ",
    },
    en: {
        restored: "What you had typed and not saved is back.",
        files: "Files have to be chosen again.",
        lost: "What you had typed and not saved:",
        drop: "Drop what was typed",
    },
}[language];

/** The forms in which somebody may have typed. */
function forms(): HTMLFormElement[] {
    return [...document.forms].filter(
        (form) =>
            form.method === "post" &&
            form.querySelector("textarea, select, input:not([type=hidden])") !== null &&
            form.closest(APART) === null &&
            form.querySelector("[type=password], [autocomplete=one-time-code]") === null,
    );
}

function fields(form: HTMLFormElement): [string, string][] {
    return [...new FormData(form)].filter(
        (field): field is [string, string] => typeof field[1] === "string" && field[0] !== "csrfmiddlewaretoken",
    );
}

function address(form: HTMLFormElement): string {
    // Not `form.action`: a field of that name would hide it.
    return new URL(form.getAttribute("action") ?? location.href, location.href).pathname;
}

/** Does the form have a place for all that was typed? */
function has(form: HTMLFormElement, typed: Fields): boolean {
    return typed.every(([name, value]) => value === "" || form.elements.namedItem(name) !== null);
}

/** The value of what the page put there by itself, by which forms of one address are told apart. */
function hidden(form: HTMLFormElement): string {
    return [...form.querySelectorAll<HTMLInputElement>("input[type=hidden]")]
        .filter(({ name }) => name !== "csrfmiddlewaretoken" && name !== "version")
        .map(({ name, value }) => `${name}=${value}`)
        .join("&");
}

// Forms as the page brought them. Every page has the buttons twice, for wide screens and for narrow ones.
let shown: Map<HTMLFormElement, string> | undefined;

class Languages extends HTMLElement {
    connectedCallback(): void {
        this.addEventListener("submit", () => this.#keep());
        if (shown !== undefined) return;
        shown = new Map(forms().map((form) => [form, JSON.stringify(fields(form))]));
        this.#restore();
    }

    /** Is there anything in the form that the server has not stored? A page that answers a form holds such. */
    #isTyped(form: HTMLFormElement): boolean {
        const answers = this.hasAttribute("answers") && address(form) === location.pathname;
        return answers || JSON.stringify(fields(form)) !== shown?.get(form);
    }

    #keep(): void {
        if (this.#sendsWhatIsHeld()) return;
        const waiting: Waiting[] = forms()
            .filter((form) => this.#isTyped(form))
            .map((form) => ({
                address: address(form),
                fields: fields(form),
                hidden: hidden(form),
                hasFiles: [...form.querySelectorAll<HTMLInputElement>("[type=file]")].some(
                    ({ files }) => (files?.length ?? 0) > 0,
                ),
            }));
        if (waiting.length === 0) return;
        try {
            sessionStorage.setItem(PLACE, JSON.stringify(waiting));
        } catch {
            return; // then the page gives back what had been sent, as it does without script
        }
        for (const one of this.querySelectorAll("input[name=sent]")) one.remove();
    }

    /** What the server holds for a form that sends files is named in the page that answers it, and in no other. */
    #sendsWhatIsHeld(): boolean {
        const sent = this.querySelectorAll<HTMLInputElement>("input[name=sent]");
        const form = forms().find((form) => address(form) === location.pathname && form.querySelector("[type=file]"));
        if (sent.length === 0 || form === undefined) return false;
        for (const one of sent) one.value = new URLSearchParams(fields(form)).toString();
        return true;
    }

    #restore(): void {
        let waiting: Waiting[];
        try {
            waiting = JSON.parse(sessionStorage.getItem(PLACE) ?? "[]") as typeof waiting;
            sessionStorage.removeItem(PLACE);
        } catch {
            return;
        }
        for (const one of waiting) {
            const there = forms().filter((form) => address(form) === one.address);
            const fitting = there.filter((form) => has(form, one.fields));
            const form = fitting.find((form) => hidden(form) === one.hidden) ?? fitting[0];
            if (form === undefined) this.#show(one);
            else {
                fill(form, one.fields);
                for (let above = form.closest("details"); above; above = above.parentElement?.closest("details") ?? null)
                    above.open = true;
                this.#say(form, one);
            }
        }
    }

    #say(form: HTMLFormElement, one: Waiting): void {
        const drop = document.createElement("button");
        drop.type = "button";
        drop.className = "link-button";
        drop.textContent = WORDS.drop;
        drop.addEventListener("click", () => location.reload());
        form.before(this.#line(`${WORDS.restored} ${one.hasFiles ? `${WORDS.files} ` : ""}`, drop));
    }

    /** The page has no such form: the words at least are there to be copied. */
    #show(one: Waiting): void {
        const list = document.createElement("ul");
        for (const [name, value] of one.fields) {
            if (!/\s/.test(value.trim()) && name !== "reason") continue;
            const line = document.createElement("li");
            line.textContent = value;
            list.append(line);
        }
        if (list.childElementCount > 0) document.querySelector("main")?.prepend(this.#line(WORDS.lost, list));
    }

    #line(...parts: (string | Node)[]): HTMLElement {
        const line = document.createElement("div");
        line.className = "notice";
        line.setAttribute("role", "status");
        line.append(...parts);
        return line;
    }
}

customElements.define("km-languages", Languages);
