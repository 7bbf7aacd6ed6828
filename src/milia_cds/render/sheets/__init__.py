"""The sheets: what there is to say of each content, in blocks for any writer."""
