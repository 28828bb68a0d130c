// What elements need to know of the page they stand on.

/** The language of the page: Vietnamese, or English where a person chose it. */
export const language: "vi" | "en" = document.documentElement.lang.startsWith("en") ? "en" : "vi";

/** The token that Django wants with everything that is sent; every page has a form that holds one. */
export function csrfToken(): string {
    return document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** Calls `work` once nothing was asked for `wait` milliseconds. */
export function debounced(wait: number, work: () => void): () => void {
    let timer = 0;
    return () => {
        clearTimeout(timer);
        timer = setTimeout(work, wait);
    };
}
