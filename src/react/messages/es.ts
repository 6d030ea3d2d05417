import type { KycMessages } from './messages.ts'

/** Spanish. */
export const es = {
  locale: 'es',
  direction: 'ltr',
  review: 'none',

  loading: { title: 'Consultando el estado de su documento', description: 'Tardará un momento.' },
  none: { title: 'A la espera de su documento', description: 'Aquí le indicaremos si se ha añadido.' },
  processing: {
    title: 'Estamos revisando su documento',
    description: 'Normalmente tarda menos de un minuto. Puede permanecer en esta página.',
  },
  slow: {
    title: 'Seguimos revisando su documento',
    description: 'Está tardando más de lo habitual. No es necesario que vuelva a subir el documento.',
  },
  verySlow: {
    title: 'Todavía estamos revisando su documento',
    description: 'Puede salir de esta página y volver más tarde. No es necesario que vuelva a subir el documento.',
  },
  added: { title: 'Documento añadido', description: 'Hemos recibido su documento.' },
  error: {
    title: 'No hemos podido añadir su documento',
    description: 'Compruebe que esté completo y se lea bien, y vuelva a subirlo.',
  },
  errorPrefix: 'Error:',
  spoken: '{title}. {description}',

  doubt: {
    missed:
      'Es posible que se nos haya escapado una respuesta. Si algo no le parece correcto, póngase en contacto con nosotros.',
    owed: 'Es posible que esta respuesta corresponda al documento que envió antes.',
    extra:
      'Hemos recibido más respuestas que documentos. Si algo no le parece correcto, póngase en contacto con nosotros.',
  },

  connectionLost:
    'Se ha perdido la conexión. Ahora mismo no podemos mostrar novedades. Esta página se actualizará automáticamente cuando vuelva la conexión.',
  connectionLostSent:
    'Se ha perdido la conexión. Su documento se ha enviado. Esta página se actualizará automáticamente cuando vuelva la conexión.',
  connectionFailed: 'Ahora mismo no podemos mostrar novedades. Recargue esta página para intentarlo de nuevo.',
  connectionBack: 'La conexión ha vuelto.',

  retry: 'Intentar de nuevo',
  retryAvailable: 'Puede intentarlo de nuevo.',
  checkAgain: 'Consultar de nuevo',
  live: 'Esta página se actualiza automáticamente.',
  lastChecked: 'Última consulta: {time}',
  filesAdded: {
    one: 'Archivos añadidos: {count} de {total}',
    many: 'Archivos añadidos: {count} de {total}',
    other: 'Archivos añadidos: {count} de {total}',
  },
  filesFailed: {
    one: 'No se ha podido añadir {count} archivo',
    many: 'No se han podido añadir {count} de archivos',
    other: 'No se han podido añadir {count} archivos',
  },
  filesProgress: 'Archivos revisados',

  upload: {
    label: { one: 'Su documento', many: 'Sus documentos', other: 'Sus documentos' },
    choose: { one: 'Elegir un archivo', many: 'Elegir archivos', other: 'Elegir archivos' },
    drop: 'o arrastrar y soltar aquí',
    hint: '{types}, de menos de {size}',
    submit: { one: 'Subir', many: 'Subir {count} de archivos', other: 'Subir {count} archivos' },
    cancel: 'Cancelar',
    startOver: 'Empezar de nuevo',
    files: 'Archivos',
    remove: 'Quitar {name}',
    retry: 'Intentar de nuevo: {name}',
    sending: 'Subiendo {name}',
    sent: 'Enviado',
    queued: 'En espera',
    canceled: 'No enviado',
    review: 'Estamos revisando lo que nos ha enviado.',
    notSent: 'No se ha podido enviar el archivo {name}. Compruebe la conexión e inténtelo de nuevo.',
    tooLarge: 'El archivo {name} debe ocupar menos de {size}.',
    wrongType: 'El archivo {name} debe ser de tipo {types}.',
    empty: 'El archivo {name} está vacío. Elija otro archivo.',
    tooMany: {
      one: 'Elija solo {count} archivo.',
      many: 'Elija {count} de archivos como máximo.',
      other: 'Elija {count} archivos como máximo.',
    },
  },
} satisfies KycMessages
