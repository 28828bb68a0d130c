// What is wrong with the text, as the server says: underlined, listed below, and announced.

import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { csrfToken, debounced } from "../page";

const WAIT = 300;

interface Problem {
    row: number | null;
    column: number | null;
    end: number | null;
    where: string;
    reason: string;
    hint: string;
}

interface Answer {
    problems: Problem[];
    says: string;
}

/** The part below the editor: what the formula says, its problems, what keys do. */
export class Foot {
    readonly dom = document.createElement("div");
    readonly keysId: string;
    #says = document.createElement("p");
    #status = document.createElement("p");
    #list = document.createElement("ol");

    constructor(element: HTMLElement, id: string) {
        this.dom.className = "editor-foot";
        this.#says.className = "editor-says";
        this.#status.className = "editor-status";
        for (const live of [this.#says, this.#status]) live.setAttribute("aria-live", "polite");
        this.#list.className = "editor-problems";
        this.#list.hidden = true;
        this.#list.setAttribute("aria-live", "polite");
        const keys = document.createElement("p");
        this.keysId = `${id}-keys`;
        keys.id = this.keysId;
        keys.className = "editor-keys";
        keys.textContent = element.dataset["keys"] ?? "";
        this.dom.append(this.#says, this.#status, this.#list, keys);
    }

    /** One sentence in the place of an answer. */
    say(text: string): void {
        this.#status.textContent = text;
    }

    /** What the server answered; `line` is “Line {row}” in the language of the page. */
    show(answer: Answer, line: string, fine: string, jump: (problem: Problem) => void): void {
        this.#says.textContent = answer.says;
        this.#status.textContent = answer.problems.length === 0 && answer.says === "" ? fine : "";
        this.#list.hidden = answer.problems.length === 0;
        this.#list.replaceChildren(...answer.problems.map((problem) => item(problem, line, jump)));
    }
}

function item(problem: Problem, line: string, jump: (problem: Problem) => void): HTMLLIElement {
    const made = document.createElement("li");
    if (problem.row !== null) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "editor-jump";
        button.textContent = line.replace("{row}", `${problem.row}`);
        button.addEventListener("click", () => jump(problem));
        made.append(button, " ");
    } else if (problem.where !== "") made.append(`${problem.where}: `);
    made.append(sentence(problem));
    return made;
}

function sentence(problem: Problem): string {
    return problem.hint === "" ? problem.reason : `${problem.reason} ${problem.hint}`;
}

/** Where a problem stands in the text now; the server counts code points, the editor UTF-16. */
function extent(doc: Text, problem: Problem): { from: number; to: number } | null {
    if (problem.row === null || problem.row > doc.lines) return null;
    const line = doc.line(problem.row);
    const offset = (column: number): number => [...line.text].slice(0, column - 1).join("").length;
    const from = line.from + offset(problem.column ?? 1);
    const to = Math.min(line.to, line.from + offset(problem.end ?? 1));
    return { from, to: Math.max(from, to) };
}

/** Asks the server about the text when it has rested; only the newest answer counts. */
export class Checking {
    #view: EditorView;
    #foot: Foot;
    #element: HTMLElement;
    #running: AbortController | null = null;
    readonly ask: () => void;

    constructor(view: EditorView, foot: Foot, element: HTMLElement) {
        this.#view = view;
        this.#foot = foot;
        this.#element = element;
        this.ask = debounced(WAIT, () => void this.#check());
    }

    async #check(): Promise<void> {
        this.#running?.abort();
        const running = new AbortController();
        this.#running = running;
        const { doc } = this.#view.state;
        if (doc.toString().trim() === "") {
            this.#show({ problems: [], says: "" }, "");
            return;
        }
        try {
            const answer = await fetch(this.#element.getAttribute("check-url") ?? "", {
                method: "POST",
                headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
                body: JSON.stringify(this.#question(doc.toString())),
                signal: running.signal,
            });
            const found: unknown = answer.redirected || answer.status === 403 ? null : await answer.json();
            if (running.signal.aborted) return;
            if (found === null) this.#foot.say(this.#words("signedOut"));
            else if (isAnswer(found)) this.#show(found, this.#words("fine"));
            else this.#foot.say((found as { reason?: string }).reason ?? this.#words("unreachable"));
        } catch {
            if (!running.signal.aborted) this.#foot.say(this.#words("unreachable"));
        }
    }

    #question(text: string): object {
        if (this.#element.getAttribute("language") === "yaml") return { text };
        const { set = "", criteria = "", classes = "", gives = "condition", points } = this.#element.dataset;
        return { formula: text, set, criteria: codes(criteria), classes: codes(classes), gives, points: points !== undefined };
    }

    #words(name: string): string {
        return this.#element.dataset[name] ?? "";
    }

    #show(answer: Answer, fine: string): void {
        const { doc } = this.#view.state;
        const found = answer.problems.flatMap((problem): Diagnostic[] => {
            const at = extent(doc, problem);
            return at === null ? [] : [{ ...at, severity: "error", message: sentence(problem) }];
        });
        this.#view.dispatch(setDiagnostics(this.#view.state, found));
        this.#foot.show(answer, this.#words("line"), fine, (problem) => this.#jump(problem));
    }

    #jump(problem: Problem): void {
        const at = extent(this.#view.state.doc, problem);
        if (at === null) return;
        this.#view.dispatch({ selection: { anchor: at.from, head: at.to }, scrollIntoView: true });
        this.#view.focus();
    }
}

/** Codes between blanks. */
export function codes(text: string): string[] {
    return text.split(" ").filter((code) => code !== "");
}

function isAnswer(found: unknown): found is Answer {
    return typeof found === "object" && found !== null && "problems" in found;
}
