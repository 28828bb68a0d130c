// <km-keep key="12-head" version="5"> around a form that is saved by its button: what is typed is kept in this
// browser until the server has it, and comes back with the page; leaving the page with unsaved words is asked
// about first. Without `key` only the asking is done.
//
// The form says which version of the draft it was read from. What is kept brings its version back with it, so
// that the server can tell what was changed here from what others have written since. `typed`: the page holds
// what was typed already and could not be saved. A button with an address of its own (`formaction`) does not save
// what was typed, but leads back to it. What stands in a part of the form that is `data-unkept` does not come back.
// A link of the page that is `data-leaves` leaves it without asking; where it says `drop`, what was typed is given up.

import { debounced, fill, language } from "../page";

/** What is kept: the fields as they were typed, by name, and whether they were sent. */
interface Kept {
    readonly version: string;
    readonly fields: readonly (readonly [string, string])[];
    readonly isSent: boolean;
}

const WAIT = 400;
const UNKEPT = new Set(["csrfmiddlewaretoken"]);
const WORDS = {
    vi: { restored: "Đã lấy lại những gì bạn gõ mà chưa lưu.", drop: "Bỏ những gì đã gõ" },
    en: { restored: "What you had typed and not saved is back.", drop: "Drop what was typed" },
}[language];

class Keep extends HTMLElement {
    #shown = "";
    #isLeaving = false;
    // What was sent while this waited stays marked as sent: it must not come back with the next form.
    readonly #keepSoon = debounced(WAIT, () => this.#isLeaving || this.#keep(false));

    connectedCallback(): void {
        const form = this.#form;
        if (form === null || form.querySelector("[type=submit], button") === null) return;
        // A page that says what is wrong has brought what was typed back by itself: it is not saved yet.
        if (!this.hasAttribute("typed")) {
            this.#shown = this.#written();
            this.#restore(form);
        }
        form.addEventListener("input", this.#keepSoon);
        form.addEventListener("change", this.#keepSoon);
        form.addEventListener("submit", (event) => {
            this.#isLeaving = true;
            this.#keep(!event.submitter?.hasAttribute("formaction"));
        });
        for (const link of document.querySelectorAll<HTMLElement>("a[data-leaves]")) {
            link.addEventListener("click", (event) => this.#leave(event, link.dataset["leaves"] === "drop"));
        }
        // Another language is another page with the same form, to which what was typed comes along.
        for (const switched of document.querySelectorAll("km-languages")) {
            switched.addEventListener("submit", () => {
                this.#keep(false);
                this.#isLeaving = true;
                if (this.#place !== null) for (const sent of switched.querySelectorAll("input[name=sent]")) sent.remove();
            });
        }
        window.addEventListener("beforeunload", this.#ask);
        window.addEventListener("pageshow", () => (this.#isLeaving = false));
    }

    disconnectedCallback(): void {
        window.removeEventListener("beforeunload", this.#ask);
    }

    get #form(): HTMLFormElement | null {
        return this.querySelector("form");
    }

    get #place(): string | null {
        const key = this.getAttribute("key");
        return key === null ? null : `kieumau.draft.${key}`;
    }

    /** Every field as it would be sent, but for files and what stands in a part that is `data-unkept`. */
    #fields(): [string, string][] {
        const form = this.#form;
        if (form === null) return [];
        const apart = form.querySelectorAll<HTMLInputElement>("[data-unkept] [name]");
        const unkept = new Set([...UNKEPT, ...[...apart].map(({ name }) => name)]);
        return [...new FormData(form)].filter(
            (field): field is [string, string] => typeof field[1] === "string" && !unkept.has(field[0]),
        );
    }

    #written(): string {
        return JSON.stringify(this.#fields());
    }

    #keep(isSent: boolean): void {
        const place = this.#place;
        if (place === null) return;
        const fields = this.#fields();
        const version = this.#form?.querySelector<HTMLInputElement>("input[name=version]")?.value ?? "";
        try {
            if (JSON.stringify(fields) === this.#shown && !isSent) localStorage.removeItem(place);
            else localStorage.setItem(place, JSON.stringify({ version, fields, isSent } satisfies Kept));
        } catch {
            // A browser that keeps nothing still asks before the page is left.
        }
    }

    /** Puts back what was typed and never arrived. What was sent and made a newer version has arrived. */
    #restore(form: HTMLFormElement): void {
        const place = this.#place;
        if (place === null) return;
        let kept: Kept;
        try {
            kept = JSON.parse(localStorage.getItem(place) ?? "null") as Kept;
            if (kept === null) return;
        } catch {
            return;
        }
        const hasArrived = kept.isSent && Number(this.getAttribute("version")) > Number(kept.version);
        if (hasArrived) localStorage.removeItem(place);
        if (hasArrived || JSON.stringify(kept.fields) === this.#shown) return;
        fill(form, kept.fields);
        this.#say(form, place);
    }

    #say(form: HTMLFormElement, place: string): void {
        const line = document.createElement("p");
        line.className = "notice";
        line.setAttribute("role", "status");
        const drop = document.createElement("button");
        drop.type = "button";
        drop.className = "link-button";
        drop.textContent = WORDS.drop;
        drop.addEventListener("click", () => {
            localStorage.removeItem(place);
            this.#isLeaving = true;
            location.reload();
        });
        line.append(`${WORDS.restored} `, drop);
        form.before(line);
    }

    /** A link is followed that says itself what becomes of what was typed; opened beside the page, nothing does. */
    #leave(event: MouseEvent, isDropped: boolean): void {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        const place = this.#place;
        if (!isDropped) this.#keep(false);
        else if (place !== null) localStorage.removeItem(place);
        this.#isLeaving = true;
    }

    readonly #ask = (event: BeforeUnloadEvent): void => {
        if (this.#isLeaving || this.#written() === this.#shown) return;
        this.#keep(false);
        event.preventDefault();
    };
}

customElements.define("km-keep", Keep);
