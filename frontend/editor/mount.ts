// An editor in the place of a textarea: colours, completion, and what the server says of the text.

import { autocompletion, closeBrackets, closeBracketsKeymap, type CompletionContext, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { nextDiagnostic } from "@codemirror/lint";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { Checking, codes, Foot } from "./checking";
import { inFormula, inYaml, type Scope } from "./completing";
import { formula } from "./formula-mode";
import { wordsAt } from "./words";
import { yaml } from "./yaml-mode";

/** Put an editor before `area`, which is hidden and keeps the same text. */
export function mount(element: HTMLElement, area: HTMLTextAreaElement): EditorView {
    const foot = new Foot(element, area.id);
    const isYaml = element.getAttribute("language") === "yaml";
    let checking: Checking | null = null;
    const view = new EditorView({
        state: EditorState.create({
            doc: area.value,
            extensions: [
                ...common(element, area, foot),
                isYaml ? [yaml(), lineNumbers(), indentOnInput(), indentUnit.of("  ")] : formula(),
                EditorView.updateListener.of((update) => {
                    if (!update.docChanged) return;
                    area.value = update.state.doc.toString();
                    area.dispatchEvent(new Event("input", { bubbles: true }));
                    checking?.ask();
                }),
            ],
        }),
    });
    area.before(view.dom, foot.dom);
    area.hidden = true;
    area.required = false;
    for (const label of area.labels) label.addEventListener("click", () => view.focus());
    checking = new Checking(view, foot, element);
    if (area.value.trim() !== "") checking.ask();
    if (isYaml) lookAt(view, Number(new URLSearchParams(location.search).get("dong")));
    return view;
}

/** Go to the line that the address asks for (`?dong=17`), as links beside faults do. */
function lookAt(view: EditorView, row: number): void {
    if (!Number.isInteger(row) || row < 1 || row > view.state.doc.lines) return;
    const { from, to } = view.state.doc.line(row);
    const effects = EditorView.scrollIntoView(from, { y: "center" });
    view.dispatch({ selection: { anchor: from, head: to }, effects });
    view.focus();
}

function common(element: HTMLElement, area: HTMLTextAreaElement, foot: Foot): Extension[] {
    const suggestions = element.dataset["suggestions"] ?? "";
    return [
        EditorView.cspNonce.of(element.nonce ?? ""),
        EditorState.phrases.of({ Completions: suggestions }),
        EditorState.tabSize.of(2),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ ...described(area, foot), spellcheck: "false", autocapitalize: "off" }),
        EditorView.domEventHandlers({ beforeinput: typeOverSelection }),
        history(),
        bracketMatching(),
        closeBrackets(),
        syntaxHighlighting(classHighlighter),
        autocompletion({ override: [completing(element)], icons: false, activateOnTypingDelay: 50 }),
        // Tab is not ours: it leaves the editor, as it leaves every field.
        keymap.of([
            { key: "F8", run: nextDiagnostic },
            ...closeBracketsKeymap,
            ...completionKeymap,
            ...historyKeymap,
            ...defaultKeymap,
        ]),
    ];
}

/**
 * Chromium, when a selection is typed over, keeps its looks by an inline style, which the security policy
 * refuses with a line on the console. So such a letter is put in here, before the browser does.
 */
function typeOverSelection(event: InputEvent, view: EditorView): boolean {
    const { from, to, empty } = view.state.selection.main;
    const text = event.data ?? "";
    if (empty || event.inputType !== "insertText" || text === "" || event.isComposing || !event.cancelable) return false;
    event.preventDefault();
    const put = () =>
        view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
    const isTaken = view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, put));
    if (!isTaken) view.dispatch(put());
    return true;
}

/** What a screen reader says of the editor: the label of the textarea, and what its keys do. */
function described(area: HTMLTextAreaElement, foot: Foot): Record<string, string> {
    const [label] = area.labels;
    const name: Record<string, string> = {};
    if (label !== undefined) {
        label.id ||= `${area.id}-label`;
        name["aria-labelledby"] = label.id;
    } else name["aria-label"] = area.getAttribute("aria-label") ?? area.name;
    const more = area.getAttribute("aria-describedby");
    return { ...name, "aria-describedby": more === null ? foot.keysId : `${more} ${foot.keysId}` };
}

function completing(element: HTMLElement) {
    const address = element.getAttribute("words-url") ?? "";
    const isYaml = element.getAttribute("language") === "yaml";
    return async (context: CompletionContext) => {
        const words = await wordsAt(address).catch(() => null);
        if (words === null) return null;
        if (isYaml) return inYaml(context, words);
        const { criteria = "", classes = "" } = element.dataset;
        const scope: Scope = { criteria: codes(criteria), classes: codes(classes) };
        return inFormula(context, 0, words, scope);
    };
}
