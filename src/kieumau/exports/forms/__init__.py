"""Forms as workbooks: given out with the right cells open, taken back, returned with what is wrong marked."""
