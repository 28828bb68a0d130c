"""Figures and verdicts out again: as files that are streamed, as forms to fill in, and back.

`asking` says what is asked for, `blocks` reads it block by block, `verdicts` the same for verdicts,
`formats` writes CSV, SDMX-CSV, XLSX and Parquet without keeping more than a block in memory; `forms`
are workbooks that units fill in.
"""
