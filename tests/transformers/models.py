"""Tiny captioning models of common kinds, generated with random weights."""

from pathlib import Path
from typing import Any

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "dog", "on", "the", "beach", "with", "ball"]


def a_blip(folder: Path) -> Path:
    """BLIP with random weights."""
    import torch
    from transformers import BlipConfig, BlipForConditionalGeneration, BlipImageProcessor

    torch.manual_seed(7)
    size = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    text = {"vocab_size": len(WORDS), "bos_token_id": 2, "eos_token_id": 3, "sep_token_id": 3, "pad_token_id": 0}
    vision = {"image_size": 16, "patch_size": 8}
    config = BlipConfig(
        text_config={**size, **text, "encoder_hidden_size": 16, "projection_dim": 8, "max_position_embeddings": 80},
        vision_config={**size, **vision, "projection_dim": 8},
        projection_dim=8,
        image_text_hidden_size=8,
    )
    model = BlipForConditionalGeneration(config)
    with torch.no_grad():
        model.text_decoder.cls.predictions.bias[:4] = -100  # words only, however random
    return _save(folder, model, BlipImageProcessor(size={"height": 16, "width": 16}))


def a_vit_with_gpt2(folder: Path) -> Path:
    """A vision encoder and a text decoder, with random weights."""
    import torch
    from transformers import (
        GPT2Config,
        GPT2LMHeadModel,
        VisionEncoderDecoderModel,
        ViTConfig,
        ViTImageProcessor,
        ViTModel,
    )

    torch.manual_seed(7)
    size = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    encoder = ViTModel(ViTConfig(image_size=16, patch_size=8, **size))
    ends = {"bos_token_id": 2, "eos_token_id": 3}
    decoder = GPT2LMHeadModel(
        GPT2Config(
            vocab_size=len(WORDS), n_positions=80, n_embd=16, n_layer=1, n_head=2, add_cross_attention=True, **ends
        )
    )
    model = VisionEncoderDecoderModel(encoder=encoder, decoder=decoder)
    model.config.decoder_start_token_id = model.generation_config.decoder_start_token_id = 2
    model.config.pad_token_id = model.generation_config.pad_token_id = 0
    return _save(folder, model, ViTImageProcessor(size={"height": 16, "width": 16}))


def _save(folder: Path, model: Any, looking: Any) -> Path:
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from transformers import PreTrainedTokenizerFast

    words = Tokenizer(WordLevel({word: index for index, word in enumerate(WORDS)}, unk_token="[UNK]"))
    words.pre_tokenizer = Whitespace()
    ends = {"bos_token": "[CLS]", "eos_token": "[SEP]", "pad_token": "[PAD]", "unk_token": "[UNK]"}
    PreTrainedTokenizerFast(tokenizer_object=words, **ends).save_pretrained(folder)
    looking.save_pretrained(folder)
    model.generation_config.suppress_tokens = [0, 1, 2]
    model.generation_config.min_new_tokens = 3
    model.save_pretrained(folder)
    return folder
