"""Văn bản, tệp, minh chứng: the shelf of documents of every unit, and the files that prove them."""
