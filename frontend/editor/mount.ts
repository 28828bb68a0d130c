// An editor in the place of a textarea.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";

/** Put an editor before `area`, which is hidden and keeps the same text. */
export function mount(element: HTMLElement, area: HTMLTextAreaElement): EditorView {
    const view = new EditorView({
        state: EditorState.create({
            doc: area.value,
            extensions: [
                EditorView.cspNonce.of(element.nonce ?? ""),
                history(),
                keymap.of([...defaultKeymap, ...historyKeymap]),
                EditorView.lineWrapping,
                EditorView.updateListener.of((update) => {
                    if (update.docChanged) area.value = update.state.doc.toString();
                }),
            ],
        }),
    });
    area.before(view.dom);
    area.hidden = true;
    return view;
}
