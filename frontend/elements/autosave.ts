// <km-autosave key="…"> around the form of a return: saves each field that was changed, a moment after it was.
//
// Without script the form is saved by its button. With it nothing typed is lost either: until the server has
// said that a field is saved, what was typed is kept in this browser too, and comes back with the page. What
// stands beside a field (problems, another person's figure) is what the server says; nothing is checked here.

import { debounced, language } from "../page";

/** What the server says of one field after a save. */
interface CellAnswer {
    readonly was: string;
    readonly problems: readonly string[];
    readonly theirs: string | null;
    readonly by: string;
}

/** A check that asks for a reason: which fields it reads, what it is called, what to do. */
interface Asked {
    readonly codes: readonly string[];
    readonly title: string;
    readonly action: string;
}

interface Answer {
    readonly token: string;
    readonly version: number;
    readonly answered: number;
    readonly asked: number;
    readonly problems: readonly string[];
    readonly marks: Readonly<Record<string, Asked>>;
    readonly cells: Readonly<Record<string, CellAnswer>>;
}

/** What is kept in the browser of a field that is not saved yet. */
interface Kept {
    readonly text: string;
    readonly kind: string;
    readonly was: string;
}

const WAIT = 700;
const MOST_FORGED = 3;
const WORDS = {
    vi: {
        saving: "Đang lưu…",
        saved: "Đã lưu lúc ",
        failed: "Chưa lưu được; nội dung đã gõ được giữ trong máy này, sẽ thử lại.",
        signedOut: "Phiên làm việc đã hết. Nội dung đã gõ vẫn còn: hãy đăng nhập ở thẻ khác rồi bấm Lưu.",
        some: "Có ô chưa lưu được, xem bên cạnh ô.",
        restored: "Đã lấy lại những gì bạn gõ mà chưa lưu.",
        count: (answered: number, asked: number) => `Đã trả lời ${answered} trên ${asked}`,
        conflict: (by: string, theirs: string, mine: string) =>
            `${by} vừa nhập ${theirs}; bạn gõ ${mine}. Sửa ô này hoặc bấm Lưu để giữ số của bạn.`,
    },
    en: {
        saving: "Saving…",
        saved: "Saved at ",
        failed: "Not saved yet; what you typed is kept on this device and will be tried again.",
        signedOut: "Your session has ended. What you typed is still here: sign in in another tab, then press Save.",
        some: "Some fields could not be saved; see beside them.",
        restored: "What you had typed and not saved is back.",
        count: (answered: number, asked: number) => `${answered} of ${asked} answered`,
        conflict: (by: string, theirs: string, mine: string) =>
            `${by} has entered ${theirs}; you typed ${mine}. Change the field or press Save to keep yours.`,
    },
}[language];

class Autosave extends HTMLElement {
    #isSaving = false;
    #forged = 0;
    /** Fields that another person changed too, with what was typed: only their author says which stays. */
    readonly #held = new Map<string, string>();
    readonly #saveSoon = debounced(WAIT, () => void this.#save());

    connectedCallback(): void {
        this.addEventListener("input", this.#changed);
        this.addEventListener("change", this.#changed);
        this.addEventListener("keydown", this.#moved);
        this.querySelector("form")?.addEventListener("submit", () => this.#keep());
        window.addEventListener("online", this.#saveSoon);
        this.#restore();
    }

    get #place(): string {
        return `kieumau.return.${this.getAttribute("key") ?? ""}`;
    }

    get #inputs(): HTMLInputElement[] {
        return [...this.querySelectorAll<HTMLInputElement>("input[name^='v-']")];
    }

    #of<T extends Element>(code: string, start: string): T | null {
        return this.querySelector<T>(`[name='${start}-${CSS.escape(code)}']`);
    }

    /** The fields that hold something else than the server does, by code. */
    #dirty(): Map<string, Kept> {
        const found = new Map<string, Kept>();
        for (const input of this.#inputs) {
            const code = input.name.slice(2);
            const kind = this.#of<HTMLSelectElement>(code, "k")?.value ?? "";
            const was = this.#of<HTMLInputElement>(code, "o")?.value ?? "";
            const wasKind = was === "-" || was === "x" ? was : "";
            if (input.value.trim() !== was || kind !== wasKind) found.set(code, { text: input.value, kind, was });
        }
        return found;
    }

    #keep(): void {
        const dirty = this.#dirty();
        try {
            if (dirty.size === 0) localStorage.removeItem(this.#place);
            else localStorage.setItem(this.#place, JSON.stringify(Object.fromEntries(dirty)));
        } catch {
            // A browser that keeps nothing still saves on the server.
        }
    }

    /** Puts back what an earlier visit typed and did not save; a field changed since then is a conflict. */
    #restore(): void {
        let kept: Record<string, Kept>;
        try {
            kept = JSON.parse(localStorage.getItem(this.#place) ?? "{}") as Record<string, Kept>;
        } catch {
            return;
        }
        let count = 0;
        for (const [code, { text, kind, was }] of Object.entries(kept)) {
            const input = this.#of<HTMLInputElement>(code, "v");
            const own = this.#of<HTMLInputElement>(code, "o");
            const select = this.#of<HTMLSelectElement>(code, "k");
            if (input === null || own === null || select === null || own.value === text) continue;
            if (input.value !== own.value) continue; // the page itself has brought it back
            [input.value, select.value, own.value] = [text, kind, was];
            count += 1;
        }
        if (count > 0) {
            this.#say(WORDS.restored);
            this.#saveSoon();
        }
    }

    readonly #changed = (event: Event): void => {
        const field = event.target;
        if (field instanceof HTMLSelectElement && field.name.startsWith("k-")) {
            const input = this.#of<HTMLInputElement>(field.name.slice(2), "v");
            if (input !== null) input.value = field.value;
        } else if (field instanceof HTMLInputElement && field.name.startsWith("v-")) {
            const select = this.#of<HTMLSelectElement>(field.name.slice(2), "k");
            const text = field.value.trim().toLowerCase();
            if (select !== null) select.value = text === "-" || text === "x" ? text : "";
        } else if (field instanceof HTMLTextAreaElement && field.name.startsWith("r-") && event.type === "change") {
            return this.#saveSoon(); // a reason is sent when it was left, not in the middle of a sentence
        } else {
            return;
        }
        this.#keep();
        this.#saveSoon();
    };

    /** Enter and the arrows go to the next field; Enter saves nothing by itself. */
    readonly #moved = (event: KeyboardEvent): void => {
        if (!(event.target instanceof HTMLInputElement) || !event.target.name.startsWith("v-")) return;
        const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step === undefined || event.isComposing) return;
        event.preventDefault();
        const inputs = this.#inputs;
        const next = inputs[inputs.indexOf(event.target) + step];
        next?.focus();
        next?.select();
    };

    async #save(): Promise<void> {
        const form = this.querySelector("form");
        const dirty = this.#dirty();
        for (const [code, { text }] of dirty) if (this.#held.get(code) === text) dirty.delete(code);
        if (form === null || dirty.size === 0) return;
        if (this.#isSaving) return this.#saveSoon();
        this.#isSaving = true;
        this.#say(WORDS.saving);
        const sent = new URLSearchParams({
            csrfmiddlewaretoken: this.#token(form),
            version: this.#version(form)?.value ?? "",
        });
        for (const [code, { text, kind, was }] of dirty) {
            sent.set(`v-${code}`, text);
            sent.set(`k-${code}`, kind);
            sent.set(`o-${code}`, was);
        }
        for (const area of form.querySelectorAll<HTMLTextAreaElement>("textarea[name^='r-']")) {
            sent.set(area.name, area.value);
        }
        try {
            const response = await fetch(location.pathname, {
                method: "POST",
                body: sent,
                headers: { Accept: "application/json" },
            });
            if (response.status >= 500) throw new Error(String(response.status));
            this.#take(form, dirty, (await response.json()) as Answer, response.status);
        } catch {
            this.#say(WORDS.failed, true);
            setTimeout(this.#saveSoon, 15_000);
        } finally {
            this.#isSaving = false;
            this.#keep();
        }
    }

    #token(form: HTMLFormElement): string {
        return form.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
    }

    /** The version of the return that is shown: handing over says which one was seen. */
    #version(form: HTMLFormElement): HTMLInputElement | null {
        return form.querySelector<HTMLInputElement>("input[name=version]");
    }

    #take(form: HTMLFormElement, sent: Map<string, Kept>, answer: Answer, status: number): void {
        const token = form.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]");
        if (token !== null) token.value = answer.token;
        if (status === 401) return this.#say(WORDS.signedOut, true);
        if (status === 403) {
            this.#forged += 1;
            return this.#forged < MOST_FORGED ? this.#saveSoon() : this.#say(WORDS.failed, true);
        }
        this.#forged = 0;
        const version = this.#version(form);
        if (version !== null) version.value = String(answer.version);
        let isWrong = answer.problems.length > 0;
        for (const [code, { text, kind }] of sent) {
            const cell = answer.cells[code];
            if (cell === undefined) continue;
            const said = [...cell.problems];
            this.#held.delete(code);
            if (cell.theirs !== null) {
                said.push(WORDS.conflict(cell.by, cell.theirs || "…", text || "…"));
                this.#held.set(code, text);
            }
            this.#mark(code, said);
            isWrong ||= said.length > 0;
            const own = this.#of<HTMLInputElement>(code, "o");
            if (own !== null) own.value = cell.was;
            const input = this.#of<HTMLInputElement>(code, "v");
            const isAsSent = input?.value === text && (this.#of<HTMLSelectElement>(code, "k")?.value ?? "") === kind;
            if (said.length === 0 && input !== null && isAsSent) input.value = cell.was;
        }
        this.#ask(answer);
        const progress = this.querySelector("progress");
        if (progress !== null) progress.value = answer.answered;
        const count = this.querySelector("[data-count]");
        if (count !== null) count.textContent = WORDS.count(answer.answered, answer.asked);
        const clock = new Date().toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
        this.#say(isWrong ? (answer.problems[0] ?? WORDS.some) : WORDS.saved + clock, isWrong);
    }

    /** A box for every reason asked for, at the first wrong field that its check reads; none that is answered. */
    #ask(answer: Answer): void {
        for (const area of this.querySelectorAll<HTMLTextAreaElement>("textarea[name^='r-']")) {
            if (!(area.name.slice(2) in answer.marks) && area !== document.activeElement) area.parentElement?.remove();
        }
        for (const [check, { codes, title, action }] of Object.entries(answer.marks)) {
            const code = codes.find((one) => (answer.cells[one]?.problems.length ?? 0) > 0);
            const place = code === undefined ? null : document.getElementById(`e-${code}`)?.parentElement;
            if (place == null || this.#of(check, "r") !== null) continue;
            const label = document.createElement("label");
            const hint = document.createElement("div");
            const area = document.createElement("textarea");
            [label.className, hint.className, area.className] = ["form-label", "form-text", "form-control"];
            [label.textContent, hint.textContent] = [title, action];
            label.htmlFor = area.id = area.name = `r-${check}`;
            [area.rows, area.maxLength] = [2, 2000];
            const box = document.createElement("div");
            box.className = "field reason";
            box.append(label, hint, area);
            place.append(box);
        }
    }

    /** Writes what is wrong beside a field, and takes away what was. */
    #mark(code: string, said: readonly string[]): void {
        const place = document.getElementById(`e-${code}`);
        place?.replaceChildren(
            ...said.map((text) => {
                const line = document.createElement("p");
                line.className = "field-error";
                line.textContent = text;
                return line;
            }),
        );
        document.getElementById(`c-${code}`)?.classList.toggle("wrong", said.length > 0);
        const input = this.#of<HTMLInputElement>(code, "v");
        if (said.length > 0) input?.setAttribute("aria-invalid", "true");
        else input?.removeAttribute("aria-invalid");
    }

    #say(text: string, isWrong = false): void {
        const place = this.querySelector("[data-status]");
        if (place === null) return;
        place.textContent = text;
        place.classList.toggle("is-wrong", isWrong);
    }
}

customElements.define("km-autosave", Autosave);
