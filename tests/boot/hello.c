/* BOOTX64.EFI for tests: says that it runs, on the console of the firmware, and ends qemu. */
typedef unsigned long long efi_status;
typedef unsigned short efi_char;

struct efi_text_output
{
    void *reset;
    efi_status (*output_string)(struct efi_text_output *output, const efi_char *text);
};

#define CON_OUT 8                       /* UEFI 4.3: ConOut is the ninth of eight-byte fields */

efi_status efi_main(void *image, void **system_table);

efi_status efi_main(void *image, void **system_table)
{
    struct efi_text_output *output = system_table[CON_OUT];

    (void)image;
    output->output_string(output, u"\r\nopenimapi booted by EFI\r\n");
    __asm__ volatile("outb %%al, $0xF4" ::"a"(0));      /* the device isa-debug-exit */
    return 0;
}
